import { sql } from 'kysely';
import type { MediaReader, Outcome, RemotePublish } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { isUniqueViolation, type Tx } from '#server/base/database.ts';
import { readMedia } from '#server/base/files.ts';
import { log } from '#server/base/log.ts';
import { OutboundError } from '#server/base/outbound-error.ts';
import { record } from '#server/modules/audit/index.ts';
import { mayMove } from '../state.ts';
import { asClaims, conflictWith, type DeliveryRecord, leaseMs, moveDelivery } from '../store.ts';
import { type Ready, readyFor } from './may-go-out.ts';
import { settleOutcome } from './settle.ts';

export type Sending = Ready & { attemptId: string; fenced: DeliveryRecord };

/** How its transactions are made: of its own, or together with others. */
type Ways = {
  media: MediaReader;
  begin(claimed: DeliveryRecord): Promise<Sending | null>;
  save(work: (tx: Tx) => Promise<void>): Promise<void>;
};

/**
 * The irreversible call, at most once an attempt (DESIGN §5): all is checked again under lock, `submitting` is committed,
 * and only then the first byte leaves. Whatever happens to this process afterwards, the row says that the post may be out.
 */
export async function sendDelivery(
  app: App,
  claimed: DeliveryRecord,
  publish: RemotePublish,
  ways: Ways = waysAlone(app),
): Promise<void> {
  const sending = await ways.begin(claimed).catch((error: unknown) => {
    // Another post of this account is under way; one at a time.
    if (isUniqueViolation(error, 'deliveries_one_in_flight')) return 'busy' as const;
    throw error;
  });
  if (sending === 'busy') {
    await app.database.withWorker((tx) => moveDelivery(tx, claimed, { wakeInMs: 500 }));
    return;
  }
  if (!sending) return;
  const { session, account, failing, payload, exchanges, attemptId, fenced } = sending;
  await app.failpoints.hit('submit.committed');
  const outcome = await publish
    .submit(session, payload, claimed.platform_ids, ways.media)
    .catch(judgeFailure);
  await app.failpoints.hit('submit.answered');
  const end = { attemptId, exchanges, outcome };
  await ways.save((tx) => settleOutcome(app, tx, fenced, outcome, undefined, { end, account, failing }));
  await app.failpoints.hit('submit.saved');
}

/** A failure that a connector let through. Only "provably nothing was written" may be tried again. */
export function judgeFailure(error: unknown): Outcome {
  if (error instanceof OutboundError && error.stage === 'before-write') {
    return { kind: 'retry-later', afterMs: 15_000, code: error.code, scope: 'platform' };
  }
  log.warn({ error: (error as Error).message }, 'the outcome of a post is unknown');
  return { kind: 'unknown', reason: error instanceof OutboundError ? error.code : (error as Error).message };
}

function waysAlone(app: App): Ways {
  const { withWorker } = app.database;
  return {
    media: readMedia(app.files),
    save: withWorker,
    async begin(claimed) {
      const [begun] = await withWorker((tx) => beginSendings(app, tx, [claimed]));
      if (begun instanceof AppError) throw begun;
      return begun ?? null;
    },
  };
}

/** Many at once. Null: it may not go out now and was moved. */
export async function beginSendings(
  app: App,
  tx: Tx,
  list: readonly DeliveryRecord[],
): Promise<(Sending | AppError | null)[]> {
  const ready = await readyFor(app, tx, 'submit', list);
  const fences = await takeFences(
    tx,
    list.filter((claimed, at) => ready[at] && mayMove(claimed.state, 'submitting')),
  );
  const sendings: (Sending | AppError | null)[] = [];
  for (const [at, claimed] of list.entries()) {
    const found = ready[at];
    const fence = fences.get(claimed.id);
    if (!found || !fence) {
      sendings.push(found ? conflictWith(claimed) : null);
      continue;
    }
    await record(
      tx,
      systemActor(claimed.bureau_id),
      'delivery.submitting',
      { kind: 'delivery', id: claimed.id },
      { fence: claimed.fence, hash: found.hash.toString('hex') },
    );
    app.live.changed(tx, claimed.bureau_id, 'deliveries');
    const { attemptId, submitted_at } = fence;
    sendings.push({ ...found, attemptId, fenced: { ...claimed, state: 'submitting', submitted_at } });
  }
  return sendings;
}

/**
 * `submitting` and the attempts in one statement; nothing is written with an old fence or from another state. The lease
 * begins anew: what waited long behind its account must not be taken for abandoned in mid-call.
 * @returns by delivery; one that moved meanwhile is missing
 */
async function takeFences(
  tx: Tx,
  list: readonly DeliveryRecord[],
): Promise<Map<string, { attemptId: string; submitted_at: Date }>> {
  const { rows } = await sql<{ id: string; attempt_id: string; submitted_at: Date }>`
    with asked as (${asClaims(list)}), moved as (
      update deliveries d set
        state        = 'submitting',
        reason       = null,
        submitted_at = clock_timestamp(),
        updated_at   = clock_timestamp(),
        wake_at      = clock_timestamp() + make_interval(secs => ${leaseMs / 1000})
      from asked
      where d.bureau_id = asked.bureau_id and d.id = asked.id and d.state = asked.state and d.fence = asked.fence
      returning d.bureau_id, d.id, d.fence, d.submitted_at, asked.attempt_id
    ), begun as (
      insert into delivery_attempts (bureau_id, id, delivery_id, number, fence, step)
      select moved.bureau_id, moved.attempt_id, moved.id, coalesce(max(a.number), 0) + 1, moved.fence, 'submit'
      from moved left join delivery_attempts a on a.bureau_id = moved.bureau_id and a.delivery_id = moved.id
      group by moved.bureau_id, moved.attempt_id, moved.id, moved.fence
    )
    select id, attempt_id, submitted_at from moved`.execute(tx);
  return new Map(rows.map((row) => [row.id, { attemptId: row.attempt_id, submitted_at: row.submitted_at }]));
}
