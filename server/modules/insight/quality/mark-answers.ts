/** Gives marks to answers as they come, a few at a time; a case that is answered anew gets new ones. */
import type { App } from '#server/base/app.ts';
import { judgeReply, type ReplyQuality } from '#server/base/text/reply-quality.ts';
import { listAnswered, listExchanges } from '#server/modules/inbox/index.ts';
import type { Marks } from '#shared/insight.ts';
import { findLastMarked, listMarked, saveMarks } from './store.ts';

const atOnce = 50;
/** An answer given on the platform is told later than it was given: so far back is looked again. */
const lookBackMs = 86_400_000;
const firstId = '00000000-0000-0000-0000-000000000000';
const dayMs = 86_400_000;

/** @returns how many were marked */
export async function markAnswers(app: App, bureauId: string, stopping: () => boolean): Promise<number> {
  const last = await app.database.withWorker((tx) => findLastMarked(tx, bureauId));
  let place = { at: new Date((last?.getTime() ?? lookBackMs) - lookBackMs), id: firstId };
  let count = 0;
  while (!stopping()) {
    const { more, marked } = await app.database.withWorker(async (tx) => {
      const answered = await listAnswered(tx, bureauId, place, atOnce);
      const end = answered.at(-1);
      if (!end) return { more: false, marked: 0 };
      place = { at: end.answered_at, id: end.id };
      const known = await listMarked(
        tx,
        bureauId,
        answered.map((one) => one.id),
      );
      const fresh = answered.filter((one) => known.get(one.id)?.getTime() !== one.answered_at.getTime());
      const exchanges = await listExchanges(
        tx,
        bureauId,
        fresh.map((one) => one.id),
      );
      const rows = exchanges.map((one) => ({
        ...{ caseId: one.id, unitId: one.unit_id, answeredAt: one.answered_at },
        marks: marksOf(judgeExchange(one)),
      }));
      await saveMarks(tx, bureauId, rows);
      return { more: answered.length === atOnce, marked: rows.length };
    });
    count += marked;
    if (!more) break;
  }
  return count;
}

type Exchange = Awaited<ReturnType<typeof listExchanges>>[number];

export function judgeExchange(one: Exchange): ReplyQuality {
  const days = (one.answered_at.getTime() - one.received_at.getTime()) / dayMs;
  // Without a deadline nothing was late; a deadline is never nearer than a day.
  const allowed = one.due_at ? (one.due_at.getTime() - one.received_at.getTime()) / dayMs : days;
  const allowedDays = Math.max(1, allowed);
  return judgeReply({ question: one.question, reply: one.reply, days, allowedDays });
}

function marksOf(quality: ReplyQuality): Marks {
  const { relevance, completeness, basis, readability, timeliness, overall } = quality;
  return {
    ...{ relevance: relevance.score, completeness: completeness.score, basis: basis.score },
    ...{ readability: readability.score, timeliness: timeliness.score, overall },
  };
}
