/** What a new message does to cases: it joins the open one, reopens one just answered, or opens one. */
import { systemActor } from '#server/base/actor.ts';
import { now, wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { listColleaguesOf, listHoldersOf, listUnitsOf } from '#server/modules/people/index.ts';
import { loadCalendar } from '#server/modules/planning/index.ts';
import type { CaseChannel, CaseKind, CaseUrgency } from '#shared/inbox.ts';
import { may } from '#shared/people.ts';
import { loadSettings } from '../settings/store.ts';
import { sort } from '../sorting/sort.ts';
import { findAlarm, graver } from './alarm.ts';
import { classify, isCourtesy } from './classify.ts';
import { type CaseEvent, calendarRange, deriveDeadline, rangeOf, workingDayAfter } from './deadline.ts';
import { chooseOwner, chooseUnit, findOnDuty, findRule, type Ruling } from './dispatch.ts';
import { isPraiseAlone, keepPraise } from './keep-praise.ts';
import { isRatable, rateCase, reopenCase } from './rate.ts';
import { readRating } from './rating.ts';
import {
  addCaseText,
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

/** As it stands where words would. */
export const attachmentName = (type: string): string => (attachmentNames[type] ?? '[文件]').slice(1, -1);

export type Word = {
  bureauId: string;
  conversationId: string;
  channel: CaseChannel;
  accountId: string | null;
  /** Found by, besides the words: the person's name, a number of the sender's. */
  names: string;
  /** Said by whoever took it in; null: by the words. */
  kind: CaseKind | null;
  text: string;
  attachmentType: string | null;
  /** Platform time: the citizen's clock. How long the platform or a poll took is not theirs to bear. */
  at: Date;
};

/**
 * The caller holds the conversation's lock, so that two words of one person can't open two cases.
 * @returns the case the words are in now; `unsatisfied`: they opened it again, and its owner must be told
 */
export async function takeIntoCases(tx: Tx, word: Word): Promise<{ caseId: string; unsatisfied?: boolean }> {
  const current = await findCaseOfConversation(tx, word.bureauId, word.conversationId);
  const rated = current && (await takeRating(tx, current, word));
  if (rated) return { caseId: current.id, unsatisfied: rated.reopened };
  const praise = isPraiseAlone(word);
  if (!current || (current.state === 'closed' && (!praise || current.outcome === 'spam'))) {
    return praise ? keepPraise(tx, word) : openCase(tx, word);
  }
  const caseRef = { bureauId: word.bureauId, caseId: current.id };
  await addCaseText(tx, word.bureauId, current.id, word.text);
  if (current.state === 'open') {
    await insertEvent(tx, caseRef, 'joined', { at: word.at });
    // Their platform's window began anew: when it must be spoken of is another time.
    await updateCase(tx, word.bureauId, current.id, {});
    if (current.paused_at) await resumeCase(tx, caseRef, word.at, current.paused_at);
    // What was to be decided is no longer the whole of it.
    if (current.closing_by) {
      await updateCase(tx, word.bureauId, current.id, { closing_by: null });
      await insertEvent(tx, caseRef, 'closing-lapsed', { detail: { reason: 'joined' } });
    }
    await raiseAlarm(tx, current, word);
    return caseRef;
  }
  const answeredAt = current.answered_at ?? current.received_at;
  // "Thank you" after an answer, or under what is closed, needs no new clock, and none of the office's time.
  if (isCourtesy(word.text)) {
    await insertEvent(tx, caseRef, 'thanked', { at: word.at });
    return caseRef;
  }
  if (word.at.getTime() - answeredAt.getTime() >= reopenWithinMs) return openCase(tx, word);
  await reopenCase(tx, caseRef, { at: word.at, answeredAt });
  await raiseAlarm(tx, current, word);
  return caseRef;
}

/** "1" or 满意 after an answer that asked is what the person thinks of it, and no new matter. Null: it is no mark. */
async function takeRating(
  tx: Tx,
  current: NonNullable<Awaited<ReturnType<typeof findCaseOfConversation>>>,
  word: Word,
): Promise<{ reopened: boolean } | null> {
  const stars = word.channel === 'message' ? readRating(word.text) : null;
  if (stars === null || !isRatable(current, word.at)) return null;
  if (!(await loadSettings(tx, word.bureauId)).settings.askSatisfaction) return null;
  return rateCase(tx, word.bureauId, current, { stars, at: word.at });
}

async function openCase(tx: Tx, word: Word): Promise<{ caseId: string }> {
  const { bureauId, channel, accountId } = word;
  const { settings } = await loadSettings(tx, bureauId);
  const found = await sort(tx, bureauId, word.text);
  const { field, words } = found;
  const kind = word.kind ?? found.kind;
  const ruling = findRule(settings.rules, { text: word.text, field, kind, channel, accountId });
  const unitId = ruling?.rule.give.unitId ?? chooseUnit(await listUnitsOf(tx, bureauId), field);
  const colleagues = (await listColleaguesOf(tx, bureauId)).filter(({ disabled }) => !disabled);
  const ownerId =
    findRuledOwner(colleagues, ruling) ??
    (hasHandlers(colleagues, unitId) ? null : await findFreeAgent(tx, bureauId));
  const alarm = findAlarm(word.text, { kind, field }, settings.dutyWords);
  const urgency = graver(ruling?.rule.give.urgency ?? found.urgency, alarm?.urgency ?? 'normal');
  const workingDays = settings.levels[kind];
  const log: CaseEvent[] = [
    { event: 'received', at: word.at, detail: {} },
    {
      event: 'classified',
      at: word.at,
      detail: {
        ...{ kind, field, words, workingDays, automatic: true },
        ...{
          by: found.by,
          confidence: found.confidence,
          guess: found.guess,
          urgencyWords: found.urgencyWords,
        },
      },
    },
    {
      event: 'assigned',
      at: word.at,
      detail: {
        ...{ unitId, ownerId, automatic: true },
        ...(ruling ? { rule: ruling.rule.name, words: ruling.words } : {}),
      },
    },
  ];
  if (alarm) {
    const personId = findOnDuty(settings.duty, wallDate(now()));
    log.push({ event: 'duty-called', at: word.at, detail: { words: alarm.words, personId } });
  }
  const range = calendarRange(word.at, now());
  const calendar = await loadCalendar(tx, bureauId, range.from, range.to);
  const { dueAt } = deriveDeadline(log, calendar);
  const triageDueAt = unitId ? null : workingDayAfter(word.at, settings.triageDays, calendar);
  const id = newId();
  const number = await takeCaseNumber(tx, bureauId, Number(wallDate(word.at).slice(0, 4)));
  const title = makeTitle(word);
  await insertCase(tx, bureauId, word.conversationId, {
    ...{ id, number, kind, field, title, unitId, ownerId, urgency, channel, accountId, dueAt, triageDueAt },
    receivedAt: word.at,
  });
  const caseRef = { bureauId, caseId: id };
  await insertEvents(tx, caseRef, log);
  // The number's tail without its zeros: people say "123".
  const tail = Number(number.slice(5));
  await addCaseText(tx, bureauId, id, `${number}\n${tail}\n${title}\n${word.names}\n${word.text}`);
  await record(
    tx,
    systemActor(bureauId),
    'case.opened',
    { kind: 'case', id },
    { number, kind, field, unitId, ownerId, urgency, ...(ruling ? { rule: ruling.rule.name } : {}) },
  );
  return { caseId: id };
}

type Colleagues = Awaited<ReturnType<typeof listColleaguesOf>>;

/** Whom the rule names, unless they have left since: then the case goes where others of its section go. */
function findRuledOwner(colleagues: Colleagues, ruling: Ruling | null): string | null {
  const named = ruling?.rule.give.ownerId;
  return named && colleagues.some(({ id }) => id === named) ? named : null;
}

/** Whether somebody of the section answers: then it is theirs to claim, and nobody else's. */
const hasHandlers = (colleagues: Colleagues, unitId: string | null): boolean =>
  unitId !== null &&
  colleagues.some(({ memberships }) =>
    memberships.some((one) => one.unitId === unitId && may([one.role], 'inbox.answer')),
  );

async function findFreeAgent(tx: Tx, bureauId: string): Promise<string | null> {
  const agents = (await listHoldersOf(tx, bureauId, 'agent')).map((agent) => agent.id);
  return chooseOwner(agents, await countOpenByOwner(tx, bureauId, agents));
}

/** The same person is not called about every line of one matter, unless it grows graver. */
const quietAfterCallMs = 12 * 3_600_000;

/** Words in a case that is open already may be the first that cannot wait. */
async function raiseAlarm(
  tx: Tx,
  current: NonNullable<Awaited<ReturnType<typeof findCaseOfConversation>>>,
  { bureauId, text, at }: Word,
): Promise<void> {
  const { settings } = await loadSettings(tx, bureauId);
  const alarm = findAlarm(text, classify(text), settings.dutyWords);
  if (!alarm) return;
  const caseId = current.id;
  const before = current.urgency as CaseUrgency;
  const urgency = graver(before, alarm.urgency);
  const called = (await listEvents(tx, bureauId, caseId)).findLast(({ event }) => event === 'duty-called');
  if (urgency === before && called && at.getTime() - called.at.getTime() < quietAfterCallMs) return;
  const personId = findOnDuty(settings.duty, wallDate(now()));
  await insertEvent(tx, { bureauId, caseId }, 'duty-called', {
    at,
    detail: { words: alarm.words, personId },
  });
  await updateCase(tx, bureauId, caseId, { urgency });
  if (urgency !== before) {
    const subject = { kind: 'case', id: caseId };
    await record(tx, systemActor(bureauId), 'case.urgency-set', subject, { urgency, before });
  }
}

/** What was waited for has come: the clock runs on. */
async function resumeCase(
  tx: Tx,
  caseRef: { bureauId: string; caseId: string },
  at: Date,
  pausedAt: Date,
): Promise<void> {
  // By the person's clock, however late their word came here.
  const moment = new Date(Math.max(at.getTime(), pausedAt.getTime()));
  await insertEvent(tx, caseRef, 'resumed', { at: moment, detail: { reason: 'joined' } });
  const events = await listEvents(tx, caseRef.bureauId, caseRef.caseId);
  const range = rangeOf(events);
  const { dueAt } = deriveDeadline(events, await loadCalendar(tx, caseRef.bureauId, range.from, range.to));
  await updateCase(tx, caseRef.bureauId, caseRef.caseId, { paused_at: null, due_at: dueAt });
  await record(
    tx,
    systemActor(caseRef.bureauId),
    'case.resumed',
    { kind: 'case', id: caseRef.caseId },
    { dueAt: dueAt.toISOString() },
  );
}

function makeTitle(word: Word): string {
  const line = word.text.replaceAll(/\s+/g, ' ').trim();
  if (line === '') return attachmentNames[word.attachmentType ?? ''] ?? '[无文字]';
  const characters = [...line];
  return characters.length > titleLength ? `${characters.slice(0, titleLength - 1).join('')}…` : line;
}
