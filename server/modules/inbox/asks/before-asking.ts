/** What the form of the site says and looks up before anything is sent. */
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { maskAddress, spend } from '#server/base/guard/rate.ts';
import type { InboxSettings } from '#shared/inbox-settings.ts';
import { loadSettings } from '../settings/store.ts';

/** Working days by kind, as this bureau set them. */
export async function readLevels(app: App, bureauId: string): Promise<InboxSettings['levels']> {
  return app.database.withWorker(async (tx) => (await loadSettings(tx, bureauId)).settings.levels);
}

/** Looking for answers costs more than all else on the form, and needs no proof: a person asks a few times. */
const looks = { purpose: 'ask-look', limit: 60, windowMs: 10 * 60_000 };

/** Whether answers may be looked for once more from this address; where not, the form goes on without them. */
export async function mayLookFor(app: App, from: string): Promise<boolean> {
  try {
    await app.database.withWorker((tx) => spend(tx, maskAddress(app, from), looks));
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'too-many-tries') return false;
    throw error;
  }
}
