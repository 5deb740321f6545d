/**
 * The automatic first answer, in the response to the push itself. It comes after the push was committed: whatever fails here
 * costs the person a courtesy and never their words.
 */
import type { Credentials, PushCapability, PushRequest } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { monotonicMs, now, wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { record } from '#server/modules/audit/index.ts';
import { addDays, loadCalendar, type WorkingCalendar } from '#server/modules/planning/index.ts';
import { findSiteBase } from '#server/modules/publishing/index.ts';
import type { InboxSettings } from '#shared/inbox-settings.ts';
import { answerPath } from '../asks/public-answers.ts';
import { calendarRange } from '../cases/deadline.ts';
import { readRating } from '../cases/rating.ts';
import { findSureAnswer } from '../knowledge/suggest.ts';
import { loadSettings } from '../settings/store.ts';
import { chooseAutomatic, chooseForMenu } from './choose.ts';
import { claimAutomatic } from './store.ts';
import { thankForRating } from './thanks.ts';

export type StoredPush = {
  bureauId: string;
  accountId: string;
  push: PushCapability;
  credentials: Credentials;
  request: PushRequest;
  dedupKey: string;
  clear: Buffer;
};
type Passive = { body: string; contentType: string };

/** A change of the rules or the calendar reaches every process within this time; pushes come by the hundred a second. */
const groundForMs = 5_000;
/** What was sent a moment before midnight, or pushed late, still finds its day. */
const daysBefore = 7;

type Ground = { settings: InboxSettings; calendar: WorkingCalendar };

export function createAutomaticAnswers(app: App): (push: StoredPush) => Promise<Passive | null> {
  const known = new Map<string, { ground: Promise<Ground>; until: number }>();

  function groundOf(bureauId: string): Promise<Ground> {
    const found = known.get(bureauId);
    if (found && found.until > monotonicMs()) return found.ground;
    const ground = app.database.withWorker(async (tx) => {
      const { from, to } = calendarRange(now());
      const calendar = await loadCalendar(tx, bureauId, addDays(from, -daysBefore), to);
      return { settings: (await loadSettings(tx, bureauId)).settings, calendar };
    });
    known.set(bureauId, { ground, until: monotonicMs() + groundForMs });
    ground.catch(() => known.delete(bureauId));
    return ground;
  }

  return async (stored) => {
    if (!stored.push.answer) return null;
    try {
      const words = await answer(app, await groundOf(stored.bureauId), stored);
      if (words === null) return null;
      return stored.push.answer(stored.credentials, stored.request, stored.clear, words, now());
    } catch (error) {
      // The name only: a message may quote what a citizen wrote.
      log.warn(
        { accountId: stored.accountId, error: (error as Error).name },
        'no automatic answer was given',
      );
      return null;
    }
  };
}

/** @returns the words; null: a person speaks first */
async function answer(app: App, ground: Ground, stored: StoredPush): Promise<string | null> {
  const { bureauId, accountId, push, dedupKey, clear } = stored;
  const { settings } = ground;
  if (!settings.automatic.on && !settings.askSatisfaction) return null;
  const event = push.parse(clear, dedupKey);
  if (event.kind !== 'message') return null;
  if (event.attachment?.type === 'menu') {
    const words = chooseForMenu(settings, event.text);
    if (words !== null) return words;
  } else if (event.attachment) return null;
  const who = { bureauId, accountId, personKey: event.person.key };
  const { withWorker } = app.database;
  if (settings.askSatisfaction && readRating(event.text) !== null) {
    const thanks = await withWorker((tx) => thankForRating(tx, settings, who, event));
    if (thanks !== null) return thanks;
  }
  // By the person's time, so that the same push again is judged as it was.
  const chosen = chooseAutomatic(ground, event.text, event.at);
  if (!chosen) return null;
  const claimed = await withWorker(async (tx) => {
    const offered = settings.automatic.offerAnswers ? await offerAnswer(app, tx, bureauId, event.text) : '';
    const text = `${chosen.text}${offered}\n${chosen.follow}`;
    const key = { ...who, day: wallDate(event.at) };
    const found = await claimAutomatic(tx, key, { dedupKey, ruleId: chosen.ruleId, text });
    if (found?.fresh) {
      const subject = { kind: 'account', id: accountId };
      await record(tx, systemActor(bureauId), 'reply.automatic', subject, { ruleId: chosen.ruleId });
      app.live.changed(tx, bureauId, 'cases');
    }
    return found;
  });
  return claimed?.text ?? null;
}

const longestQuestion = 40;

/** The public answer to this question, when one surely fits: its question, and where it stands on the site. */
async function offerAnswer(app: App, tx: Tx, bureauId: string, said: string): Promise<string> {
  const found = await findSureAnswer(tx, bureauId, said);
  if (!found) return '';
  const address = `${app.config.publicUrl}${answerPath(await findSiteBase(tx, bureauId), found.slug)}`;
  const signs = [...found.question.replaceAll(/\s+/g, ' ').trim()];
  const question =
    signs.length > longestQuestion ? `${signs.slice(0, longestQuestion - 1).join('')}…` : signs.join('');
  return `\n也许可以先看：${question} ${address}`;
}
