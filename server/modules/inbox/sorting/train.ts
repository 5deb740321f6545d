/** Learns anew where there is enough to learn from: one bureau after the other, in a thread, beside all requests. */
import { createTurns, type Turns } from '#server/base/apart.ts';
import type { App } from '#server/base/app.ts';
import { log } from '#server/base/log.ts';
import type { SortedMessage } from '#server/base/text/message-model.ts';
import { runInThread } from '#server/base/threads.ts';
import type { SortingReport } from '#shared/insight.ts';
import { countCorrections, listSorted, listToTrain, saveModel } from './store.ts';

/** Fewer would hardly change anything. */
const fresh = 10;
/** Twenty thousand corrections and their judging stay far below. */
const timeoutMs = 900_000;
const thread = new URL('./training-thread.ts', import.meta.url);

/** Learning costs minutes of a core: where it fails it is not tried each minute. */
export const trainingTurns = (): Turns => createTurns('sorting', 3_600_000);

export async function trainWhereNeeded(
  app: App,
  turns: Turns = trainingTurns(),
  signal?: AbortSignal,
): Promise<number> {
  const bureaus = await app.database.withWorker((tx) => listToTrain(tx, fresh));
  await turns(
    bureaus.map((bureau) => bureau.bureau_id),
    (bureauId) => train(app, bureauId, signal),
    () => signal?.aborted ?? false,
  );
  return bureaus.length;
}

/** The version is read first: what comes in meanwhile is learnt the next time. */
async function train(app: App, bureauId: string, signal?: AbortSignal): Promise<void> {
  const { version, sorted } = await app.database.withWorker(async (tx) => {
    const version = await countCorrections(tx, bureauId);
    return { version, sorted: await listSorted(tx, bureauId, version) };
  });
  const model = await runInThread<
    SortedMessage[],
    { field: Uint8Array; kind: Uint8Array; report: SortingReport }
  >(thread, sorted, { timeoutMs, ...(signal ? { signal } : {}) });
  await app.database.withWorker((tx) => saveModel(tx, bureauId, version, model));
  log.info({ bureauId, corrections: version.corrections }, 'sorting has learnt anew');
}
