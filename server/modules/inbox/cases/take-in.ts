/** What a new message does to cases: it joins the open one, reopens one just answered, or opens one. */
import { systemActor } from '#server/base/actor.ts';
import { wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { listHoldersOf, listUnitsOf } from '#server/modules/people/index.ts';
import { loadCalendar } from '#server/modules/planning/index.ts';
import { classify, isCourtesy } from './classify.ts';
import { type CaseEvent, calendarRange, deriveDeadline } from './deadline.ts';
import { chooseOwner, chooseUnit } from './dispatch.ts';
import {
  countOpenByOwner,
  findCaseOfConversation,
  insertCase,
  insertEvent,
  insertEvents,
  listEvents,
  takeCaseNumber,
  updateCase,
} from './store.ts';

/** Someone who writes again this soon after an answer speaks of the same thing. */
const reopenWithinMs = 3 * 86_400_000;
const titleLength = 40;
const attachmentNames: Readonly<Record<string, string>> = {
  image: '[图片]',
  voice: '[语音]',
  video: '[视频]',
  shortvideo: '[视频]',
  location: '[位置]',
  link: '[链接]',
};

export type Word = {
  bureauId: string;
  conversationId: string;
  text: string;
  attachmentType: string | null;
  /** Platform time: the citizen's clock. How long the platform or a poll took is not theirs to bear. */
  at: Date;
};

/** The caller holds the conversation's lock, so that two words of one person can't open two cases. */
export async function takeIntoCases(tx: Tx, word: Word): Promise<void> {
  const current = await findCaseOfConversation(tx, word.bureauId, word.conversationId);
  if (!current || current.state === 'closed') return openCase(tx, word);
  const caseRef = { bureauId: word.bureauId, caseId: current.id };
  if (current.state === 'open') return insertEvent(tx, caseRef, 'joined', { at: word.at });
  const answeredAt = current.answered_at ?? current.received_at;
  // "Thank you" after an answer needs no new clock, and none of the office's time.
  if (isCourtesy(word.text)) return insertEvent(tx, caseRef, 'thanked', { at: word.at });
  if (word.at.getTime() - answeredAt.getTime() >= reopenWithinMs) return openCase(tx, word);
  return reopenCase(tx, caseRef, word, answeredAt);
}

async function openCase(tx: Tx, word: Word): Promise<void> {
  const { bureauId } = word;
  const { kind, field, words } = classify(word.text);
  const unitId = chooseUnit(await listUnitsOf(tx, bureauId), field);
  const agents = (await listHoldersOf(tx, bureauId, 'agent')).map((agent) => agent.id);
  const ownerId = chooseOwner(agents, await countOpenByOwner(tx, bureauId, agents));
  const log: CaseEvent[] = [
    { event: 'received', at: word.at, detail: {} },
    { event: 'classified', at: word.at, detail: { kind, field, words, automatic: true } },
    { event: 'assigned', at: word.at, detail: { unitId, ownerId, automatic: true } },
  ];
  const range = calendarRange(word.at);
  const { dueAt } = deriveDeadline(log, await loadCalendar(tx, bureauId, range.from, range.to));
  const id = newId();
  const number = await takeCaseNumber(tx, bureauId, Number(wallDate(word.at).slice(0, 4)));
  const title = makeTitle(word);
  const row = { id, number, kind, field, title, unitId, ownerId, dueAt, receivedAt: word.at };
  await insertCase(tx, bureauId, word.conversationId, row);
  const caseRef = { bureauId, caseId: id };
  await insertEvents(tx, caseRef, log);
  await record(
    tx,
    systemActor(bureauId),
    'case.opened',
    { kind: 'case', id },
    { number, kind, field, unitId, ownerId },
  );
}

async function reopenCase(
  tx: Tx,
  caseRef: { bureauId: string; caseId: string },
  word: Word,
  answeredAt: Date,
): Promise<void> {
  // A word written before the answer but told after it: the clock starts no earlier than the answer.
  const at = new Date(Math.max(word.at.getTime(), answeredAt.getTime()));
  await insertEvent(tx, caseRef, 'reopened', { at });
  const range = calendarRange(at);
  const calendar = await loadCalendar(tx, word.bureauId, range.from, range.to);
  const { dueAt } = deriveDeadline(await listEvents(tx, word.bureauId, caseRef.caseId), calendar);
  await updateCase(tx, word.bureauId, caseRef.caseId, { state: 'open', answered_at: null, due_at: dueAt });
  await record(tx, systemActor(word.bureauId), 'case.reopened', { kind: 'case', id: caseRef.caseId });
}

function makeTitle(word: Word): string {
  const line = word.text.replaceAll(/\s+/g, ' ').trim();
  if (line === '') return attachmentNames[word.attachmentType ?? ''] ?? '[无文字]';
  const characters = [...line];
  return characters.length > titleLength ? `${characters.slice(0, titleLength - 1).join('')}…` : line;
}
