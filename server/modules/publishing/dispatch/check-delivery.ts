import type { CheckResult, Exchange, RemotePublish } from '#connectors/contract.ts';
import type { App } from '#server/base/app.ts';
import { OutboundError } from '#server/base/outbound-error.ts';
import { openAccountSession } from '#server/modules/accounts/index.ts';
import { findPackage, openPackage } from '#server/modules/content/index.ts';
import { beginAttempt, type DeliveryRecord, finishAttempt } from '../store.ts';
import { settleCheck } from './settle.ts';

/** Asks the platform what became of a post; only reads there. */
export async function checkDelivery(
  app: App,
  claimed: DeliveryRecord,
  publish: RemotePublish,
): Promise<void> {
  const begun = await app.database.withWorker(async (tx) => {
    const row = (await findPackage(tx, claimed.bureau_id, claimed.package_id))!;
    const exchanges: Exchange[] = [];
    const { session } = await openAccountSession(
      app,
      tx,
      { bureauId: claimed.bureau_id, accountId: claimed.account_id },
      (exchange) => exchanges.push(exchange),
    );
    return {
      payload: openPackage(row),
      session,
      exchanges,
      attemptId: await beginAttempt(tx, claimed, 'check'),
    };
  });
  await app.failpoints.hit('check.begun');
  const sentAt = claimed.submitted_at ?? claimed.due_at;
  const result: CheckResult = await publish
    .check(begun.session, begun.payload, claimed.platform_ids, sentAt)
    .catch((error: unknown) => ({
      kind: 'unknown',
      reason: error instanceof OutboundError ? error.code : (error as Error).message,
    }));
  await app.database.withWorker(async (tx) => {
    await finishAttempt(tx, claimed.bureau_id, begun.attemptId, {
      exchanges: begun.exchanges,
      outcome: result,
    });
    await settleCheck(app, tx, claimed, result);
  });
}
