/** The accounts' loop: daily probes, renewals, warnings of ends. Tables say what is due. */
import type { App } from '#server/base/app.ts';
import { clockOf } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { notify } from '#server/modules/notices/index.ts';
import { dueWarning, horizonMs } from './grant-end.ts';
import { claimProbes } from './health-store.ts';
import { carryMenus } from './menus/carry-menus.ts';
import { listGrantEnds, renewDue } from './renew-grant.ts';
import { grantPath } from './save-account.ts';
import { probeAccountNow } from './sign-in.ts';

const tickMs = 10_000;
const probesAtOnce = 4;

export function startAccountWorker(app: App): { stop(): Promise<void> } {
  let running: Promise<void> | undefined;
  const tick = () => {
    running ??= careForAccounts(app)
      .catch((error: Error) =>
        log.warn({ error: error.message }, 'accounts were not looked after; trying again'),
      )
      .finally(() => {
        running = undefined;
      });
  };
  const timer = setInterval(tick, tickMs);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

async function careForAccounts(app: App): Promise<void> {
  await renewDue(app);
  // A job may be lost; what was asked is in the table.
  await carryMenus(app);
  await warnOfEnds(app);
  const due = await app.database.withWorker((tx) => claimProbes(tx, probesAtOnce));
  await Promise.all(
    due.map((ids) =>
      probeAccountNow(app, ids).catch((error: Error) =>
        log.warn({ accountId: ids.accountId, error: error.message }, 'an account was not probed'),
      ),
    ),
  );
}

/** Seven days, a day and an hour ahead, once each. */
export async function warnOfEnds(app: App): Promise<void> {
  await app.database.withWorker(async (tx) => {
    const now = await clockOf(tx);
    for (const { bureauId, accountId, name, platform, end } of await listGrantEnds(tx, horizonMs, null)) {
      const warning = dueWarning(end, now);
      if (!warning) continue;
      await notify(app, tx, {
        bureauId,
        to: { kind: 'role', role: 'administrator' },
        kind: 'grant-expiring',
        subject: { kind: 'account', id: accountId },
        text: {
          zh: `账号“${name}”的平台授权${warning.zh}就到期，请重新授权`,
          en: `The platform’s grant to “${name}” ends in ${warning.en}: sign in again`,
        },
        dueAt: end,
        link: grantPath({ id: accountId, platform }),
        urgency: warning.key === '1h' ? 'urgent' : 'normal',
        dedupKey: `grant-expiring:${accountId}:${end.toISOString()}:${warning.key}`,
      });
    }
  });
}
