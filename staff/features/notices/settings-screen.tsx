import { useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { Page } from '../../ui/page.tsx';
import { ChannelsPanel } from './channels-panel.tsx';
import { MyMailPanel } from './my-mail-panel.tsx';
import { noticeTexts } from './texts.ts';

export function NoticeSettingsScreen() {
  const w = useWords(noticeTexts);
  const manages = useMay('channel.manage');
  return (
    <Page title={w.settings} testId="notice-settings">
      <MyMailPanel />
      {manages ? <ChannelsPanel /> : null}
    </Page>
  );
}
