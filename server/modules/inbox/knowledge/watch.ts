import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { now, wallDate } from '#server/base/clock.ts';
import { record } from '#server/modules/audit/index.ts';
import { notify } from '#server/modules/notices/index.ts';
import { listUntold, markTold } from './store.ts';

const atOnce = 50;

/**
 * Tells the section of each entry that passed its day, once a version; whoever wrote it where no section keeps it.
 * @returns how many were told
 */
export async function tellStale(app: App): Promise<number> {
  const today = wallDate(now());
  return app.database.withWorker(async (tx) => {
    const entries = await listUntold(tx, today, atOnce);
    for (const { bureau_id: bureauId, id, version, unit_id, created_by, over } of entries) {
      await notify(app, tx, {
        bureauId,
        to: unit_id ? { kind: 'unit', id: unit_id } : { kind: 'person', id: created_by },
        kind: 'work-waiting',
        subject: { kind: 'knowledge', id },
        text: over
          ? {
              zh: '知识库有一条已过有效期，请更新或停用',
              en: 'A knowledge entry is no longer valid: renew or retire it',
            }
          : { zh: '知识库有一条该复核了', en: 'A knowledge entry is due for review' },
        link: `/inbox/knowledge/${id}`,
        urgency: 'normal',
        dedupKey: `knowledge-stale:${id}:${version}`,
      });
      await markTold(tx, bureauId, id);
      await record(tx, systemActor(bureauId), 'knowledge.stale', { kind: 'knowledge', id }, { version });
    }
    return entries.length;
  });
}
