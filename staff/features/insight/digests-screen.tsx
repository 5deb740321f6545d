import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { listDigests, makeDigest } from '#shared/insight.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { dayOf, sayDay, sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Page } from '../../ui/page.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { To } from '../../ui/to.tsx';
import { Parts } from './parts.tsx';
import { digestTexts, insightTexts } from './texts.ts';

export function DigestsScreen() {
  const w = useWords(digestTexts);
  const title = useWords(insightTexts).title;
  const lang = useLang();
  const reading = useRead(listDigests, ['insight'], {});
  return (
    <Page title={title} testId="digests" actions={<MakeButton />}>
      <Parts here="digests" />
      <p className="quiet">{w.help}</p>
      <Async reading={reading}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title={w.emptyTitle}>{w.empty}</Empty>
          ) : (
            <ul className="lines">
              {rows.map((row) => (
                <li key={row.id} className="line line-wrap" data-testid="digest-row">
                  <div className="line-main">
                    <To href={`/insight/digests/${row.id}`} className="line-title" testId="digest-open">
                      {row.title}
                    </To>
                    <div className="line-note">
                      <span>{fill(w.week, { day: sayDay(row.week, lang) })}</span>
                    </div>
                  </div>
                  <div className="line-side">
                    {row.signedAt ? (
                      <>
                        <StateMark tone="good">{w.signed}</StateMark>
                        <div className="quiet number">
                          {row.signedByName} {sayMoment(row.signedAt, lang)}
                        </div>
                      </>
                    ) : (
                      <StateMark tone="calm">{w.draft}</StateMark>
                    )}
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Async>
    </Page>
  );
}

function MakeButton() {
  const w = useWords(digestTexts);
  const mayMake = useMay('inbox.supervise');
  const navigate = useNavigate();
  const sayError = useSayError();
  const make = useAction(() => call(makeDigest, { body: { day: dayOf(new Date()) } }), {
    topics: ['insight'],
    onDone: ({ digestId }) => void navigate({ to: '/insight/digests/$digestId', params: { digestId } }),
    onFailed: sayError,
  });
  if (!mayMake) return null;
  return (
    <Button
      type="primary"
      onClick={() => make.mutate(undefined)}
      loading={make.isPending}
      data-testid="make-digest"
    >
      {w.make}
    </Button>
  );
}
