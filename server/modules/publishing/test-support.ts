/** A desk without a worker: the tests take the worker's steps one by one, with its own functions. */
import { sql } from 'kysely';
import pg from 'pg';
import type { App } from '#server/base/app.ts';
import type { Delivery } from '#shared/publishing.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import {
  approveThroughChain,
  buildDraft,
  type DraftOptions,
  listDeliveriesOf,
} from '#tests/support/build-article.ts';
import type { Client } from '#tests/support/client.ts';
import { runDelivery } from './dispatch/run-delivery.ts';
import { claimDue, type DeliveryRecord, findDelivery } from './store.ts';

export type Desk = {
  installation: TestInstallation;
  app: App;
  editor: Client;
  /** An approved article; its deliveries wait for the first step. */
  approve(options?: DraftOptions): Promise<{ articleId: string; reviewId: string; deliveries: Delivery[] }>;
  /** The same for one platform. */
  approveOn(platform: string, options?: DraftOptions): Promise<Delivery & { reviewId: string }>;
  find(deliveryId: string): Promise<DeliveryRecord>;
  /** Claims one delivery as a worker does; all others sleep meanwhile. */
  claim(deliveryId: string): Promise<DeliveryRecord>;
  /** One step of the worker on one delivery. */
  step(deliveryId: string, paused?: boolean): Promise<DeliveryRecord>;
  /** Changes columns of a delivery behind the program's back. */
  set(deliveryId: string, assignments: string): Promise<void>;
  /** Any statement with the rights of the cluster's owner. */
  tamper(statement: string, values?: unknown[]): Promise<pg.QueryResult>;
  auditOf(subjectId: string): Promise<{ action: string; detail: Record<string, unknown> }[]>;
  close(): Promise<void>;
};

export async function buildDesk(): Promise<Desk> {
  const installation = await buildInstallation({ roles: ['web'] });
  const { app } = installation;
  const editor = await installation.as('bianji');
  const owner = new pg.Client({ connectionString: installation.databaseUrl });
  await owner.connect();

  async function find(deliveryId: string): Promise<DeliveryRecord> {
    const { rows } = await owner.query('select bureau_id from deliveries where id = $1', [deliveryId]);
    return (await app.database.withWorker((tx) => findDelivery(tx, rows[0].bureau_id, deliveryId)))!;
  }

  async function claim(deliveryId: string): Promise<DeliveryRecord> {
    await owner.query(
      'update deliveries set wake_at = case when id = $1 then clock_timestamp() end, claimed_by = null',
      [deliveryId],
    );
    const [claimed] = await app.database.withWorker((tx) => claimDue(tx, 'test', { limit: 10 }));
    return claimed!;
  }

  const approve: Desk['approve'] = async (options = {}) => {
    const draft = await buildDraft(installation, editor, options);
    const reviewId = await approveThroughChain(installation, editor, draft);
    return {
      articleId: draft.articleId,
      reviewId,
      deliveries: await listDeliveriesOf(editor, draft.articleId),
    };
  };

  return {
    installation,
    app,
    editor,
    find,
    claim,
    approve,
    async approveOn(platform, options = {}) {
      const { deliveries, reviewId } = await approve({ ...options, platforms: [platform] });
      return { ...deliveries[0]!, reviewId };
    },
    async step(deliveryId, paused = false) {
      const claimed = await claim(deliveryId);
      await runDelivery(app, claimed, { paused, now: await app.database.now() });
      return find(deliveryId);
    },
    async set(deliveryId, assignments) {
      await owner.query(`update deliveries set ${assignments} where id = $1`, [deliveryId]);
    },
    tamper: (statement, values = []) => owner.query(statement, values),
    async auditOf(subjectId) {
      return app.database.withWorker(async (tx) => {
        const { rows } = await sql<{ action: string; detail: Record<string, unknown> }>`
          select action, detail from audit_entries where subject_id = ${subjectId} order by id`.execute(tx);
        return rows;
      });
    },
    async close() {
      await owner.end();
      await installation.close();
    },
  };
}

/** How many posts the stand-in really took. */
export function countAccepted(desk: Desk, platform: 'weibo' | 'wechat-official'): number {
  const kind = platform === 'weibo' ? 'post.published' : 'publish.accepted';
  return desk.installation.sandbox.world.ledger.list({ platform, kind }).length;
}
