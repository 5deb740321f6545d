import './app-link.css';
import { Button } from 'antd';
import { useEffect } from 'react';
import { type AppLink, askAppLink, type HandOffTask } from '#shared/tasks.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { Qr } from '../../ui/qr.tsx';
import { handOffTexts } from './texts.ts';

/**
 * The short way: the app opens with everything filled in. On a phone by a button, on a desk by a code for the phone. The
 * link is asked for when the page opens and again when it ended; without it the steps below are as good.
 */
export function OpenApp({
  token,
  link,
  onAsked,
}: {
  token: string;
  link: AppLink;
  onAsked: () => Promise<unknown>;
}) {
  const w = useWords(handOffTexts);
  const lang = useLang();
  const ask = useAction(() => call(askAppLink, { params: { token }, body: {} }), {
    topics: [],
    onDone: () => void onAsked(),
  });
  const { mutate } = ask;
  useEffect(() => {
    if (link.state === 'none') mutate(undefined);
  }, [link.state, mutate]);
  const app = link.app[lang];
  return (
    <section className="section open-app" data-testid="open-app" data-state={link.state}>
      <h2>{fill(w.openAppHead, { app })}</h2>
      {link.state === 'ready' && link.phone ? (
        <>
          <div className="on-phone">
            <Button type="primary" size="large" block href={link.phone} data-testid="open-app-button">
              {fill(w.openAppButton, { app })}
            </Button>
          </div>
          {link.desk ? (
            <div className="on-desk">
              <Qr text={link.desk} label={fill(w.openAppScan, { app })} />
              <p>{fill(w.openAppScan, { app })}</p>
            </div>
          ) : (
            <p className="on-desk">{w.openAppPhoneOnly}</p>
          )}
          <p className="quiet">
            {w.openAppThen}
            {link.until ? fill(w.openAppUntil, { time: sayMoment(link.until, lang) }) : null}
          </p>
        </>
      ) : null}
      {link.state === 'none' || link.state === 'making' ? <p className="quiet">{w.openAppMaking}</p> : null}
      {link.state === 'failed' ? (
        <>
          <p>{w.openAppFailed}</p>
          {link.failure ? <p className="quiet">{fill(w.openAppWhy, { why: link.failure })}</p> : null}
          <Button loading={ask.isPending} onClick={() => mutate(undefined)} data-testid="open-app-again">
            {w.openAppAgain}
          </Button>
        </>
      ) : null}
      {ask.error ? <ErrorNotice error={ask.error} /> : null}
    </section>
  );
}

/** How soon the page looks again: a link that is being made comes within seconds, and so does the platform's word. */
export function lookAgainMs(task: HandOffTask | undefined): number | false {
  const state = task?.appLink?.state;
  if (state === 'making' || state === 'none') return 1_500;
  return state === 'ready' ? 5_000 : false;
}
