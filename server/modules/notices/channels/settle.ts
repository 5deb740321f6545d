import type { RobotOutcome } from '#connectors/robot-contract.ts';
import type { App } from '#server/base/app.ts';
import { wallDate } from '#server/base/clock.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { type Destination, endSendings, findChannel, hold, markFailed, markSent, putBack } from './store.ts';
import { backoffMs, mostTries } from './timing.ts';

/** `dropped`: this one cannot be delivered, and it is not the channel's fault. */
export type Settled = RobotOutcome | { kind: 'dropped'; code: string };

/** A refused robot is left alone this long: only a person can mend it. */
const refusedHoldMs = 10 * 60_000;
/** From here on people are told. */
const tellFrom = 3;

/** Writes down how it went. @returns `failing` when somebody must be told that the channel does not deliver */
export async function settle(
  app: App,
  tx: Tx,
  { bureau_id: bureauId, channel_id: channelId }: Destination,
  sendings: readonly { id: string; tries: number }[],
  outcome: Settled,
): Promise<{ failing: { name: string; error: string; day: string } | null }> {
  const ids = sendings.map((sending) => sending.id);
  app.live.changed(tx, bureauId, 'notices');
  switch (outcome.kind) {
    case 'sent':
      await endSendings(tx, bureauId, ids, { state: 'sent' });
      await markSent(tx, bureauId, channelId);
      return { failing: null };
    case 'dropped':
      await endSendings(tx, bureauId, ids, { state: 'failed', error: outcome.code });
      return { failing: null };
    case 'retry-later':
      await putBack(tx, bureauId, ids, { afterMs: outcome.afterMs, error: outcome.code, counted: false });
      await hold(tx, bureauId, channelId, outcome.afterMs);
      return { failing: null };
    case 'refused':
      await endSendings(tx, bureauId, ids, { state: 'failed', error: outcome.code });
      await markFailed(tx, bureauId, channelId, outcome.code, refusedHoldMs);
      return { failing: await describe(tx, bureauId, channelId, outcome.code) };
    case 'failed': {
      const over = sendings.filter(({ tries }) => tries >= mostTries).map(({ id }) => id);
      const again = sendings.filter(({ tries }) => tries < mostTries);
      if (over.length > 0) await endSendings(tx, bureauId, over, { state: 'failed', error: outcome.code });
      if (again.length > 0)
        await putBack(
          tx,
          bureauId,
          again.map(({ id }) => id),
          {
            afterMs: backoffMs(Math.max(...again.map(({ tries }) => tries))),
            error: outcome.code,
            counted: true,
          },
        );
      const failures = await markFailed(tx, bureauId, channelId, outcome.code, 0);
      return {
        failing: failures >= tellFrom ? await describe(tx, bureauId, channelId, outcome.code) : null,
      };
    }
  }
}

async function describe(tx: Tx, bureauId: string, channelId: string, error: string) {
  const channel = await findChannel(tx, bureauId, channelId);
  return { name: channel?.name ?? '', error, day: wallDate(await clockOf(tx)) };
}
