import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { findAccount } from '#server/modules/accounts/index.ts';
import type { AppLink } from '#shared/tasks.ts';
import type { TaskRecord } from '../tasks/store.ts';
import { openAppOf } from './make-links.ts';
import { findAppLink, wantAppLink } from './store.ts';

async function offered(tx: Tx, task: TaskRecord) {
  if (task.kind !== 'publish' || !['pending', 'opened', 'returned'].includes(task.state)) return null;
  const account = await findAccount(tx, task.bureau_id, task.account_id);
  return account ? openAppOf(account.platform, account.settings) : null;
}

/** As the page shows it; null where there is nothing to offer. An ended link is none. */
export async function describeAppLink(tx: Tx, task: TaskRecord): Promise<AppLink | null> {
  const openApp = await offered(tx, task);
  if (!openApp) return null;
  const link = await findAppLink(tx, task.bureau_id, task.id);
  const none = { app: openApp.app, phone: null, desk: null, until: null, failure: null };
  if (!link || (link.state === 'ready' && !link.holds)) return { ...none, state: 'none' };
  if (link.state === 'ready') {
    const until = link.until?.toISOString() ?? null;
    return { ...none, state: 'ready', phone: link.phone, desk: link.desk, until };
  }
  return { ...none, state: link.state === 'making' ? 'making' : 'failed', failure: link.failure };
}

/** Only written down: the worker makes it, outside any request. */
export async function askForAppLink(app: App, tx: Tx, task: TaskRecord): Promise<void> {
  if (!(await offered(tx, task))) return;
  if (await wantAppLink(tx, task.bureau_id, task.id))
    await app.jobs.enqueue(tx, 'publishing.wake', { bureauId: task.bureau_id });
}
