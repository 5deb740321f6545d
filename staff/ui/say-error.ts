import { App } from 'antd';
import { useCallback } from 'react';
import { errorText } from '../lib/call-error.ts';
import { useLang } from '../lib/language.ts';

/** Says why an action did not happen, where the page has no better place for it. */
export function useSayError(): (error: unknown) => void {
  const lang = useLang();
  const { message } = App.useApp();
  return useCallback(
    (error) => {
      void message.error({ content: errorText(error)[lang], duration: 8 });
    },
    [lang, message],
  );
}
