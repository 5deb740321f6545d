import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App, ConfigProvider, type ThemeConfig } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import type { ReactNode } from 'react';
import { useLang } from '../lib/language.ts';
import { retryQuery } from '../lib/query.ts';

const client = new QueryClient({
  defaultOptions: {
    // 'always': a local network without internet is normal here; the browser's "offline" says nothing about our server.
    queries: { staleTime: 5_000, retry: retryQuery, networkMode: 'always', refetchOnWindowFocus: true },
    mutations: { networkMode: 'always' },
  },
});

/** Contrast of secondary text is raised above Ant Design's default, which misses 4.5 : 1. */
const theme: ThemeConfig = {
  token: {
    colorPrimary: '#1d5c8f',
    colorLink: '#1d5c8f',
    colorError: '#b3261e',
    colorWarning: '#8a5a00',
    colorSuccess: '#1e6b3a',
    colorTextSecondary: '#4d5661',
    colorTextTertiary: '#5b6570',
    colorTextDescription: '#5b6570',
    colorTextPlaceholder: '#6b7480',
    colorBorder: '#c3cbd4',
    colorInfo: '#1d5c8f',
    colorInfoBg: '#edf4fa',
    colorInfoBorder: '#c2d7ea',
    colorSuccessBg: '#edf6f0',
    colorSuccessBorder: '#b9d8c4',
    colorWarningBg: '#fff8e6',
    colorWarningBorder: '#e3cf94',
    colorErrorBg: '#fdf0ef',
    colorErrorBorder: '#eabfbb',
    colorPrimaryBg: '#e3edf6',
    controlItemBgActive: '#e3edf6',
    controlItemBgActiveHover: '#d5e4f1',
    borderRadius: 6,
    fontSize: 15,
    lineHeight: 1.6,
    fontFamily:
      '-apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif',
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.16s',
  },
};

export function Providers({ children }: { children: ReactNode }) {
  const lang = useLang();
  return (
    <ConfigProvider locale={lang === 'zh' ? zhCN : enUS} theme={theme} button={{ autoInsertSpace: false }}>
      <App>
        <QueryClientProvider client={client}>{children}</QueryClientProvider>
      </App>
    </ConfigProvider>
  );
}
