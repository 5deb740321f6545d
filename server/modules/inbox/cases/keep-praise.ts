/** Praise that begins a conversation: kept and counted, closed before a clock presses anybody. */
import { systemActor } from '#server/base/actor.ts';
import { wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { loadSettings } from '../settings/store.ts';
import { isPraise } from './praise.ts';
import { addCaseText, insertCase, insertEvents, takeCaseNumber, updateCase } from './store.ts';
import type { Word } from './take-in.ts';

const longestTitle = 40;
const note = '只是感谢或称赞，无需答复';

/** What comes to the office itself was written to be answered; a picture may hold a question. */
export const isPraiseAlone = ({ accountId, kind, attachmentType, text }: Word): boolean =>
  accountId !== null && kind === null && attachmentType === null && isPraise(text);

/** Nobody's work: no section, no owner, no deadline. Opened again by hand, its clock runs like any other's. */
export async function keepPraise(tx: Tx, word: Word): Promise<{ caseId: string }> {
  const { bureauId, channel, accountId, at } = word;
  const kind = 'thanks';
  const workingDays = (await loadSettings(tx, bureauId)).settings.levels[kind];
  const id = newId();
  const number = await takeCaseNumber(tx, bureauId, Number(wallDate(at).slice(0, 4)));
  const title = [...word.text.replaceAll(/\s+/g, ' ').trim()].slice(0, longestTitle).join('');
  await insertCase(tx, bureauId, word.conversationId, {
    ...{ id, number, kind, title, channel, accountId, field: null, unitId: null, ownerId: null },
    ...{ urgency: 'normal', dueAt: at, triageDueAt: null, receivedAt: at },
  });
  const ended = { state: 'closed', outcome: 'no-answer' } as const;
  await updateCase(tx, bureauId, id, { ...ended, outcome_note: note, closed_at: at, due_at: null });
  await insertEvents(tx, { bureauId, caseId: id }, [
    { event: 'received', at, detail: {} },
    { event: 'classified', at, detail: { kind, field: null, workingDays, automatic: true } },
    {
      event: 'closed',
      at,
      detail: { reason: note, answered: false, outcome: ended.outcome, automatic: true },
    },
  ]);
  const tail = Number(number.slice(5));
  await addCaseText(tx, bureauId, id, `${number}\n${tail}\n${title}\n${word.names}\n${word.text}`);
  const subject = { kind: 'case', id };
  await record(tx, systemActor(bureauId), 'case.opened', subject, { number, kind });
  await record(tx, systemActor(bureauId), 'case.closed', subject, { outcome: ended.outcome });
  return { caseId: id };
}
