/**
 * A day and an hour before a planned post: can its account take it? Credentials are probed, and people are told while there is
 * time to mend it.
 */
import type { App } from '#server/base/app.ts';
import { clockOf } from '#server/base/database.ts';
import { findAccountDoubt } from '#server/modules/accounts/index.ts';
import { notify } from '#server/modules/notices/index.ts';
import { listPlannedWithin } from './preflight-store.ts';

const hourMs = 3_600_000;
const windows = [
  { key: '1h', ms: hourMs },
  { key: '24h', ms: 24 * hourMs },
] as const;

export async function checkPlanned(app: App): Promise<void> {
  await app.database.withWorker(async (tx) => {
    const now = await clockOf(tx);
    const planned = await listPlannedWithin(tx, 24 * hourMs);
    for (const delivery of planned) {
      const window = windows.find(({ ms }) => delivery.due_at.getTime() - now.getTime() <= ms)!;
      const ids = { bureauId: delivery.bureau_id, accountId: delivery.account_id };
      const since = new Date(delivery.due_at.getTime() - window.ms);
      const doubt = await findAccountDoubt(tx, ids, { usedAt: delivery.due_at, probeSince: since });
      if (!doubt) continue;
      await notify(app, tx, {
        bureauId: delivery.bureau_id,
        to: [
          { kind: 'role', role: 'administrator' },
          { kind: 'role', role: 'editor' },
        ],
        kind: 'delivery-at-risk',
        subject: { kind: 'delivery', id: delivery.id },
        text: {
          zh: `定于 ${delivery.planned_wall} 的发布到时会失败：账号“${doubt.name}”${doubt.zh}`,
          en: `The post planned for ${delivery.planned_wall} would fail: “${doubt.name}” ${doubt.en}`,
        },
        dueAt: delivery.due_at,
        link: doubt.signIn ? `/accounts/${delivery.account_id}` : `/deliveries/${delivery.id}`,
        urgency: window.key === '1h' ? 'urgent' : 'normal',
        dedupKey: `delivery-at-risk:${delivery.id}:${delivery.due_at.toISOString()}:${window.key}`,
      });
    }
  });
}
