/** The working side: due-scanners, sealer, heartbeat, housekeeping. Stopping it lets what is under way finish. */
import type { App } from '#server/base/app.ts';
import { forgetOldGuards } from '#server/base/guard/rate.ts';
import { forgetOldKeys } from '#server/base/http/idempotency.ts';
import { log } from '#server/base/log.ts';
import { carryMenus, probeAccountNow, startAccountWorker } from '#server/modules/accounts/index.ts';
import { startSealer } from '#server/modules/audit/index.ts';
import { startMediaWorker } from '#server/modules/content/index.ts';
import { startInboxWorker } from '#server/modules/inbox/index.ts';
import { startInsightWorker } from '#server/modules/insight/index.ts';
import { startNoticeWorker } from '#server/modules/notices/index.ts';
import { checkPlanned, startDraftWorker, startPublishingWorker } from '#server/modules/publishing/index.ts';
import { announceProcess, listAliveProcesses } from './processes.ts';

export type Worker = { kickInbox(): void; kickPublishing(): void; stop(): Promise<void> };

const housekeepingMs = 3_600_000;
const preflightMs = 60_000;

/** Key of the audit seals: derived from the master key, so never in the database. */
export const auditKey = (app: App): Buffer => app.sealer.derive('audit seals');

export async function startWorker(
  app: App,
  options: { processId: string; roles: readonly string[]; directUrl: string },
): Promise<Worker> {
  const { processId } = options;
  let alarm = () => false;
  const presence = await announceProcess(app.database, options.directUrl, processId, {
    roles: options.roles,
    clockAlarm: () => alarm(),
  });
  const aliveProcesses = () => listAliveProcesses(app.database);
  const sealer = startSealer(app.database, auditKey(app));
  const publishing = await startPublishingWorker(app, { processId, aliveProcesses });
  const inbox = await startInboxWorker(app, { processId, aliveProcesses });
  const insight = startInsightWorker(app, { processId, aliveProcesses });
  const media = startMediaWorker(app);
  const notices = startNoticeWorker(app);
  const accounts = startAccountWorker(app);
  const drafts = startDraftWorker(app);
  let preflight: Promise<void> = Promise.resolve();
  const preflightTimer = setInterval(() => {
    preflight = checkPlanned(app).catch((error: Error) =>
      log.warn({ error: error.message }, 'planned posts were not looked over; trying again'),
    );
  }, preflightMs);
  alarm = publishing.clockAlarm;
  await app.jobs.handle('publishing.wake', async () => publishing.kick());
  await app.jobs.handle('inbox.wake', async () => inbox.kick());
  await app.jobs.handle('accounts.probe', (ids) => probeAccountNow(app, ids));
  await app.jobs.handle('accounts.carry-menus', () => carryMenus(app));
  const housekeeping = setInterval(() => {
    app.database
      .withWorker(async (tx) => {
        await forgetOldKeys(tx);
        await forgetOldGuards(tx);
      })
      .catch((error: Error) => log.warn({ error: error.message }, 'housekeeping failed'));
  }, housekeepingMs);
  return {
    kickInbox: inbox.kick,
    kickPublishing: publishing.kick,
    async stop() {
      clearInterval(housekeeping);
      clearInterval(preflightTimer);
      const parts = [publishing, inbox, insight, media, notices, accounts, drafts];
      await Promise.all([...parts.map((part) => part.stop()), preflight]);
      await sealer.stop();
      await presence.stop();
    },
  };
}
