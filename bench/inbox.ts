/**
 * The queue of cases with 100,000 messages in it, over real HTTP: a page of the queue wherever one stands in it, the filters
 * a desk has, and searches for words that stand somewhere. The embedded database with fsync on, as it is installed; whatever
 * time the network and the browser would add is not in it. `--messages` changes the size.
 */
import { type BenchOptions, type BenchResult, quantile, round } from './support/bench.ts';
import { openInboxStage } from './support/inbox-stage.ts';
import { readNumber } from './support/publish-arguments.ts';

const asks = 200;
const warmUps = 30;
const goalMs = 100;

export async function run({ arguments: given, say }: BenchOptions): Promise<BenchResult> {
  const count = readNumber(given, 'messages', 100_000);
  say(`准备 ${count} 条消息…… preparing ${count} messages`);
  const stage = await openInboxStage(count);
  try {
    const page = await measure(stage.pageQueries(), stage.ask);
    const filter = await measure(stage.filterQueries(), stage.ask);
    const search = await measure(stage.searchQueries(), stage.ask);
    return {
      name: 'inbox',
      ratio: null,
      figures: {
        page_p95_ms: round(page),
        filter_p95_ms: round(filter),
        search_p95_ms: round(search),
        messages: stage.messages,
        cases: stage.cases,
      },
      limits: {
        page_p95_ms: { atMost: goalMs },
        filter_p95_ms: { atMost: goalMs },
        search_p95_ms: { atMost: goalMs },
      },
    };
  } finally {
    await stage.stop();
  }
}

/** One request after the other, the queries in turns; the first ones only warm the caches. */
async function measure(queries: readonly string[], ask: (query: string) => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < warmUps + asks; at += 1) {
    const started = performance.now();
    await ask(queries[at % queries.length]!);
    if (at >= warmUps) times.push(performance.now() - started);
  }
  return quantile(times, 0.95);
}
