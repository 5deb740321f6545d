import type { AccountSession, CheckResult, Exchange, RemotePublish } from '#connectors/contract.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { OutboundError } from '#server/base/outbound-error.ts';
import { countMoreCalls, openAccountSessions, takeCalls } from '#server/modules/accounts/index.ts';
import type { PackagePayload } from '#shared/package.ts';
import { payloadOf } from '../payload.ts';
import { beginAttempts, type DeliveryRecord, moveDelivery } from '../store.ts';
import { settleCheck } from './settle.ts';

export type Checking = {
  session: AccountSession;
  account: Opened['account'];
  failing: boolean;
  exchanges: Exchange[];
  attemptId: string;
  payload: PackagePayload;
};
type Opened = Awaited<ReturnType<typeof openAccountSessions>>[number];

/** How its transactions are made: of its own, or together with others. */
type Ways = {
  begin(claimed: DeliveryRecord): Promise<Checking | null>;
  save(work: (tx: Tx) => Promise<void>): Promise<void>;
};

/** Many at once. Null: it must wait and was moved. */
export async function beginChecks(
  app: App,
  tx: Tx,
  list: readonly DeliveryRecord[],
): Promise<(Checking | null)[]> {
  const exchanges = list.map((): Exchange[] => []);
  const opened = await openAccountSessions(
    app,
    tx,
    list.map((one, at) => ({
      bureauId: one.bureau_id,
      accountId: one.account_id,
      record: (exchange) => exchanges[at]!.push(exchange),
    })),
  );
  const limited = await takeCalls(
    tx,
    opened.map(({ account }) => ({ account, counts: ['calls'] })),
  );
  // Read-back is not a mutation: only the account's own limits stop it, not a breaker that its own unknown opened.
  const waits = opened.map(({ holds }, at) => holds.app?.until ?? limited[at]);
  const attempts = await beginAttempts(
    tx,
    list.filter((_, at) => !waits[at]),
    'check',
  );
  const checks: (Checking | null)[] = [];
  for (const [at, claimed] of list.entries()) {
    const { session, account, failing } = opened[at]!;
    const until = waits[at];
    if (until) {
      await moveDelivery(tx, claimed, { wake_at: until });
      checks.push(null);
      continue;
    }
    const attemptId = attempts.get(claimed.id)!;
    checks.push({
      session,
      account,
      failing,
      exchanges: exchanges[at]!,
      attemptId,
      payload: await payloadOf(tx, claimed),
    });
  }
  return checks;
}

/** Asks the platform what became of a post; only reads there. */
export async function checkDelivery(
  app: App,
  claimed: DeliveryRecord,
  publish: RemotePublish,
  ways: Ways,
): Promise<void> {
  const begun = await ways.begin(claimed);
  if (!begun) return;
  await app.failpoints.hit('check.begun');
  const { session, account, failing, exchanges, attemptId, payload } = begun;
  const sentAt = claimed.submitted_at ?? claimed.due_at;
  const result: CheckResult = await publish
    .check(session, payload, claimed.platform_ids, sentAt)
    .catch((error: unknown) => ({
      kind: 'unknown',
      reason: error instanceof OutboundError ? error.code : (error as Error).message,
    }));
  await app.failpoints.hit('check.answered');
  const end = { attemptId, exchanges, outcome: result };
  await ways.save(async (tx) => {
    await settleCheck(app, tx, claimed, result, { end, account, failing });
    await countMoreCalls(tx, account, exchanges.length - 1);
  });
}
