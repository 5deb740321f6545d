import { App, Button } from 'antd';
import { useState } from 'react';
import {
  type CommentSwitch,
  getCommentSwitch,
  type SwitchState,
  setCommentSwitch,
  switchStateLabels,
} from '#shared/comment-switches.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Section } from '../../ui/page.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';
import { deliveryTexts } from './texts.ts';

const tones = { acting: 'busy', done: 'good', failed: 'bad' } as const satisfies Record<SwitchState, Tone>;

/** Opens and closes the comments of a post; silent where the platform has no way for it. */
export function CommentSwitchPanel({ deliveryId }: { deliveryId: string }) {
  const w = useWords(deliveryTexts);
  const { message } = App.useApp();
  const manages = useMay('delivery.manage');
  const [wish, setWish] = useState<boolean | null>(null);
  const params = { deliveryId };
  const reading = useRead(getCommentSwitch, ['deliveries'], { params });
  const act = useAction(
    (input: { open: boolean; reason: string }) => call(setCommentSwitch, { params, body: input }),
    {
      topics: ['deliveries'],
      onDone: () => {
        setWish(null);
        void message.success(w.commentsWished);
      },
    },
  );
  const { offered = false, last = null } = reading.data ?? {};
  if (!offered && !last) return null;
  return (
    <Section title={w.comments} testId="comment-switch">
      {last ? <LastWish last={last} /> : <p className="quiet">{w.commentsAsPublished}</p>}
      {offered && manages ? (
        <div className="row">
          {last?.open === true && last.state !== 'failed' ? null : (
            <Button onClick={() => setWish(true)} data-testid="comments-open">
              {w.openComments}
            </Button>
          )}
          {last?.open === false && last.state !== 'failed' ? null : (
            <Button onClick={() => setWish(false)} data-testid="comments-close">
              {w.closeComments}
            </Button>
          )}
        </div>
      ) : null}
      {wish === null ? null : (
        <ReasonDialog
          title={wish ? w.openComments : w.closeComments}
          explain={wish ? w.openCommentsHelp : w.closeCommentsHelp}
          confirm={wish ? w.openComments : w.closeComments}
          busy={act.isPending}
          error={act.error}
          onConfirm={(reason) => act.mutate({ open: wish, reason })}
          onClose={() => setWish(null)}
        />
      )}
    </Section>
  );
}

function LastWish({ last }: { last: CommentSwitch }) {
  const w = useWords(deliveryTexts);
  const lang = useLang();
  const words =
    last.state === 'done'
      ? last.open
        ? w.commentsOpen
        : w.commentsClosed
      : `${last.open ? w.openComments : w.closeComments} · ${switchStateLabels[last.state][lang]}`;
  return (
    <>
      <p>
        <StateMark tone={tones[last.state]}>{words}</StateMark>
      </p>
      <p className="quiet">
        {fill(w.commentsBy, {
          name: last.askedByName ?? '',
          time: sayMoment(last.askedAt, lang),
          reason: last.reason,
        })}
      </p>
      {last.failure ? <p className="quiet">{fill(w.commentsFailed, { code: last.failure })}</p> : null}
    </>
  );
}
