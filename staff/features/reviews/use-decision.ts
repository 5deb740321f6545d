import { App } from 'antd';
import { useState } from 'react';
import { decideReview, type Remark, type ReviewView } from '#shared/review.ts';
import { call } from '../../lib/call.ts';
import { useKeptValue } from '../../lib/kept-text.ts';
import { useWords } from '../../lib/language.ts';
import { useMe } from '../../lib/me.ts';
import { useAction } from '../../lib/query.ts';
import { reviewTexts } from './texts.ts';

type Kept = { note: string; remarks: Remark[] };
const nothing: Kept = { note: '', remarks: [] };

function isKept(value: unknown): boolean {
  const { note, remarks } = (value ?? {}) as Partial<Kept>;
  return (
    typeof note === 'string' &&
    Array.isArray(remarks) &&
    remarks.every((one) => typeof one.quote === 'string' && typeof one.note === 'string')
  );
}

export type Decision = ReturnType<typeof useDecision>;

/** Note and remarks of a reviewer, kept on this computer until the decision is in. */
export function useDecision(review: ReviewView, onDone: () => void) {
  const w = useWords(reviewTexts);
  const { message } = App.useApp();
  const { personId } = useMe();
  // Bound to the stage: what was written at one stage must not reappear at the next.
  const kept = useKeptValue<Kept>(`review:${personId}:${review.id}:${review.stage}`, nothing, isKept);
  const [missing, setMissing] = useState(false);
  const { note, remarks } = kept.value;

  const decide = useAction(
    (decision: 'approve' | 'return') =>
      call(decideReview, {
        params: { reviewId: review.id },
        body: {
          stage: review.stage,
          subjectHash: review.subjectHash,
          decision,
          note: noteFor(decision, note, remarks),
          remarks,
        },
      }),
    {
      topics: ['reviews', 'articles', 'deliveries'],
      onDone: (reply) => {
        void message.success(reply.state === 'returned' ? w.doneReturned : w.doneApproved);
        kept.forget();
        onDone();
      },
    },
  );

  return {
    note,
    remarks,
    restored: kept.restored && (note !== '' || remarks.length > 0),
    missing,
    busy: decide.isPending,
    running: decide.isPending ? decide.variables : null,
    error: decide.error,
    setNote: (next: string) => kept.setValue({ note: next, remarks }),
    addRemark: (remark: Remark) => kept.setValue({ note, remarks: [...remarks, remark] }),
    dropRemark: (remark: Remark) =>
      kept.setValue({ note, remarks: remarks.filter((other) => other !== remark) }),
    approve: () => decide.mutate('approve'),
    giveBack: () => {
      const empty = note.trim() === '' && remarks.length === 0;
      setMissing(empty);
      if (!empty) decide.mutate('return');
    },
  };
}

/** A remark alone says why; the note then repeats it, so that lists show a reason. */
function noteFor(decision: 'approve' | 'return', note: string, remarks: readonly Remark[]): string {
  if (decision === 'approve' || note.trim() !== '') return note.trim();
  return remarks
    .map((remark) => remark.note)
    .join('；')
    .slice(0, 1_000);
}
