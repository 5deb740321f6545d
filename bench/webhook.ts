/**
 * Pushes durably accepted a second: signature, decryption, sealing, de-duplication, commit, then 200. Three processes
 * (sender, server, database) on the loopback of one machine. The limit is the same handler with the write removed,
 * measured in turns with it, and the ratio is the median of the turns' ratios; what was acknowledged is compared with the table afterwards.
 */
import { type BenchOptions, type BenchResult, median, round } from './support/bench.ts';
import { startChild } from './support/child.ts';

const rounds = 8;
const roundMs = 1_500;
const warmUpMs = 2_500;
const halfLoadMs = 8_000;
const connections = 128;
const pushesPrepared = 190_000;

type Load = { perSecond: number; failed: number; p50: number; p99: number };
type Where = { real: string; limit: string; path: string; account: unknown };

export async function run({ say }: BenchOptions): Promise<BenchResult> {
  const server = startChild(new URL('./support/webhook-server.ts', import.meta.url));
  const sender = startChild(new URL('./support/webhook-sender.ts', import.meta.url));
  try {
    const { real, limit: unwritten, path, account } = await server.ask<Where>('where');
    say('准备推送…… preparing pushes');
    await sender.ask('prepare', { account, path, count: pushesPrepared });
    const toReal = (more: object) =>
      sender.ask<Load>('load', { origin: real, connections, take: 'new', ...more });
    const toLimit = (ms: number) =>
      sender.ask<Load>('load', { origin: unwritten, connections, take: 'again', ms });
    await toLimit(warmUpMs);
    await toReal({ ms: warmUpMs });

    const pairs: { limit: Load; accepted: Load }[] = [];
    for (let turn = 0; turn < rounds; turn += 1) {
      // Who goes first changes, so that what slows the machine down slows both.
      const first = turn % 2 === 0 ? await toLimit(roundMs) : null;
      const accepted = await toReal({ ms: roundMs });
      pairs.push({ limit: first ?? (await toLimit(roundMs)), accepted });
      say(describePair(turn, pairs.at(-1)!));
    }
    const acceptedPerSecond = median(pairs.map(({ accepted }) => accepted.perSecond));
    const half = await toReal({ ms: halfLoadMs, connections: 256, perSecond: acceptedPerSecond / 2 });
    say(
      `半载 / half load: p50 ${round(half.p50)} ms, p99 ${round(half.p99)} ms, not accepted ${half.failed}`,
    );
    const report = await sender.ask<{ acked: string[]; sent: number }>('report');
    const { lost, doubled, rows } = await server.ask<{ lost: number; doubled: number; rows: number }>(
      'count',
      report,
    );
    say(`确认 ${report.acked.length}，入库 ${rows} / acknowledged ${report.acked.length}, stored ${rows}`);
    return {
      name: 'webhook',
      ratio: round(median(pairs.map(({ limit, accepted }) => accepted.perSecond / limit.perSecond)), 3),
      figures: {
        accepted_per_s: round(acceptedPerSecond, 0),
        limit_per_s: round(median(pairs.map(({ limit }) => limit.perSecond)), 0),
        ack_p99_ms: round(half.p99),
        lost,
        doubled,
      },
      tried: report.acked.length,
      limits: {
        ratio: { atLeast: 0.7 },
        accepted_per_s: { atLeast: 2_000 },
        ack_p99_ms: { atMost: 200 },
        lost: { atMost: 0 },
        doubled: { atMost: 0 },
      },
    };
  } finally {
    await Promise.all([server.stop(), sender.stop()]);
  }
}

function describePair(turn: number, { limit, accepted }: { limit: Load; accepted: Load }): string {
  const failed = limit.failed + accepted.failed;
  const figures = `limit ${round(limit.perSecond, 0)}/s, accepted ${round(accepted.perSecond, 0)}/s, not accepted ${failed}`;
  return `第 ${turn + 1} 轮 / round ${turn + 1}: ${figures}`;
}
