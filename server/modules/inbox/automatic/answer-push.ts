/**
 * The automatic first answer, in the response to the push itself. It comes after the push was committed: whatever fails here
 * costs the person a courtesy and never their words.
 */
import type { Credentials, PushCapability, PushRequest } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { monotonicMs, now, wallDate } from '#server/base/clock.ts';
import { log } from '#server/base/log.ts';
import { record } from '#server/modules/audit/index.ts';
import type { InboxSettings } from '#shared/inbox-settings.ts';
import { loadSettings } from '../settings/store.ts';
import { chooseAutomatic } from './choose.ts';
import { claimAutomatic } from './store.ts';

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

/** A change of the rules reaches every process within this time; pushes come by the hundred a second. */
const settingsForMs = 5_000;

export function createAutomaticAnswers(app: App): (push: StoredPush) => Promise<Passive | null> {
  const known = new Map<string, { settings: Promise<InboxSettings>; until: number }>();

  function settingsOf(bureauId: string): Promise<InboxSettings> {
    const found = known.get(bureauId);
    if (found && found.until > monotonicMs()) return found.settings;
    const settings = app.database
      .withWorker((tx) => loadSettings(tx, bureauId))
      .then((loaded) => loaded.settings);
    known.set(bureauId, { settings, until: monotonicMs() + settingsForMs });
    settings.catch(() => known.delete(bureauId));
    return settings;
  }

  return async (stored) => {
    if (!stored.push.answer) return null;
    try {
      const settings = await settingsOf(stored.bureauId);
      return settings.automatic.on ? await answer(app, settings, stored) : null;
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

async function answer(app: App, settings: InboxSettings, stored: StoredPush): Promise<Passive | null> {
  const { bureauId, accountId, push, dedupKey, clear } = stored;
  const event = push.parse(clear, dedupKey);
  if (event.kind !== 'message' || event.attachment) return null;
  // By the person's time, so that the same push again is judged as it was.
  const chosen = chooseAutomatic(settings, event.text, event.at);
  if (!chosen) return null;
  const key = { bureauId, accountId, personKey: event.person.key, day: wallDate(event.at) };
  const claimed = await app.database.withWorker(async (tx) => {
    const found = await claimAutomatic(tx, key, { dedupKey, ...chosen });
    if (found?.fresh) {
      const subject = { kind: 'account', id: accountId };
      await record(tx, systemActor(bureauId), 'reply.automatic', subject, { ruleId: chosen.ruleId });
      app.live.changed(tx, bureauId, 'cases');
    }
    return found;
  });
  return claimed && (push.answer?.(stored.credentials, stored.request, clear, claimed.text, now()) ?? null);
}
