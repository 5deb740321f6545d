/**
 * The program is killed with SIGKILL at every crash point of publishing (c0–c9 of the fault table) on every platform
 * that publishes by API, all in one installation; in the end a healthy worker takes up what it finds. The stand-ins'
 * ledger says how many posts there are: one each, always.
 */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { StagedDelivery } from '#bench/support/publish-fixtures.ts';
import { judgeLedger } from '#bench/support/publish-ledger.ts';
import { listBenchPlatforms } from '#bench/support/publish-platforms.ts';
import { recipes } from '#bench/support/publish-recipes.ts';
import { reportPromise } from '#tests/support/promises.ts';
import { buildPublishingGround, type PublishingGround } from '#tests/support/publishing-ground.ts';
import { until } from '#tests/support/wait.ts';

/** The irreversible call of each platform, as the stand-ins see it. */
const submitPaths: Readonly<Record<string, string>> = {
  'wechat-official': '/cgi-bin/freepublish/submit',
  weibo: '/2/statuses/share.json',
  douyin: '/create_image_text/',
  kuaishou: '/openapi/photo/publish',
  bilibili: '/article/add',
  mastodon: '/api/v1/statuses',
  wordpress: 'POST /wp/v2/posts/',
};
const platforms = Object.keys(submitPaths);

type Point = {
  name: string;
  /** Platforms on which there is nothing to be killed in. */
  not?: readonly string[];
  die(victim: StagedDelivery): Promise<void>;
};

const at = (failpoint: string) => () => dieAt(failpoint, async () => undefined);

/** @param meanwhile done again and again until the process is dead */
async function dieAt(failpoint: string, meanwhile: () => Promise<void>): Promise<void> {
  const doomed = await stage.startWorker(`${failpoint}=kill`);
  let dead = false;
  void doomed.ended.then(() => {
    dead = true;
  });
  try {
    await until(
      async () => {
        if (!dead) await meanwhile();
        return dead;
      },
      { what: `dead at ${failpoint}`, timeoutMs: 20_000, describe: () => stage.countStates() },
    );
  } finally {
    await doomed.kill('SIGTERM');
  }
  expect((await doomed.ended).signal).toBe('SIGKILL');
}

const inCall = (accept: boolean) => async (victim: StagedDelivery) => {
  const platform = victim.account.platform.id;
  const { world } = stage.sandbox;
  const accepted = () => world.ledger.list({ platform, kind: recipes[platform]!.accepted }).length;
  const [before, fired] = [accepted(), world.faults.list().fired.length];
  const path = submitPaths[platform]!;
  world.faults.arm({ platform, path, fault: { kind: 'stall', at: 'headers', accept, ms: 120_000 } });
  const doomed = await stage.startWorker();
  onTestFinished(() => doomed.kill());
  await until(
    async () => world.faults.list().fired.length > fired && accepted() - before === Number(accept),
    {
      what: `${platform} holds the call`,
      timeoutMs: 30_000,
    },
  );
  expect(await stateOf(victim)).toBe('submitting');
  await doomed.kill();
};

/** An outcome that nobody knows is looked up, and the look-up is cut off in its turn, before the call and after it. */
const inLookUp = async () => {
  await at('submit.answered')();
  for (const failpoint of ['check.begun', 'check.answered']) await dieAt(failpoint, stage.letTimePass);
};

const points: readonly Point[] = [
  { name: 'c0, before the claim', die: at('claim.before') },
  { name: 'c1, claimed', die: at('claim.saved') },
  { name: 'c1, preparation begun', die: at('prepare.begun') },
  // Weibo has no reversible step of its own.
  { name: 'c2, an upload is done and not saved', not: ['weibo'], die: at('prepare.step') },
  { name: 'c3, prepared', die: at('prepare.saved') },
  { name: 'c4, submitting is committed, nothing is sent', die: at('submit.committed') },
  { name: 'c5, in the middle of the request', die: inCall(false) },
  { name: 'c6, accepted and not yet answered', die: inCall(true) },
  { name: 'c7, the answer came and is not saved', die: at('submit.answered') },
  { name: 'c8, saved', die: at('submit.saved') },
  { name: 'c9, in the middle of a look-up', die: inLookUp },
];

type Case = { point: Point; victim: StagedDelivery };
let stage: PublishingGround;
let cases: Case[];
/** Cases whose process was really killed where it was to be. */
const killed = new Set<Case>();
beforeAll(async () => {
  // An account each: one call at a time is under way on an account, and crashes leave calls under way. Each has a post
  // already: a platform's empty list proves nothing, and is left to a person.
  stage = await buildPublishingGround(points.length * platforms.length * 2, 2);
  const byAccount = [...Map.groupBy(stage.deliveries, ({ account }) => account.id).values()];
  await publishAll(byAccount.map(([earlier]) => earlier!));
  const left = Map.groupBy(
    byAccount.map(([, victim]) => victim!),
    ({ account }) => account.platform.id,
  );
  cases = points.flatMap((point) =>
    platforms
      .filter((platform) => !point.not?.includes(platform))
      .map((platform) => ({ point, victim: left.get(platform)!.shift()! })),
  );
}, 120_000);
afterAll(() => stage?.close());

/** A healthy worker takes up whatever it finds, while time goes by. */
async function publishAll(list: readonly StagedDelivery[]): Promise<void> {
  await stage.query(sql`
    update deliveries set due_at = least(due_at, clock_timestamp()), wake_at = clock_timestamp()
    where id = any(${list.map(({ id }) => id)}::uuid[]) and state <> 'published'`);
  const worker = await stage.startWorker();
  try {
    await until(
      async () => {
        await stage.letTimePass();
        return (await stage.countStates(list)).published === list.length;
      },
      { what: 'all are published', timeoutMs: 60_000, describe: () => stage.countStates(list) },
    );
  } finally {
    await worker.kill('SIGTERM');
  }
}

async function stateOf(victim: StagedDelivery): Promise<string | undefined> {
  const [row] = await stage.query(
    sql<{ state: string }>`select state from deliveries where id = ${victim.id}`,
  );
  return row?.state;
}

test('no platform that publishes by API is missing', () => {
  expect(
    listBenchPlatforms()
      .platforms.map(({ id }) => id)
      .toSorted(),
  ).toEqual(platforms.toSorted());
});

describe.each(points)('killed at $name', (point) => {
  test.each(platforms.filter((platform) => !point.not?.includes(platform)))(
    'on %s',
    async (platform) => {
      const found = cases.find((one) => one.point === point && one.victim.account.platform.id === platform)!;
      await stage.makeDue([found.victim]);
      await point.die(found.victim);
      // Left as the crash left it until all are taken up together: only the others' turns must not wake it.
      await stage.query(sql`update deliveries set wake_at = null where id = ${found.victim.id}`);
      killed.add(found);
    },
    60_000,
  );
});

test('a healthy worker takes all of it up: one post each in the end', async () => {
  const victims = [...killed].map(({ victim }) => victim);
  await publishAll(victims).finally(showTable);
  const { lost, doubled } = judgeLedger(stage.sandbox.world.ledger.list(), victims);
  expect({ lost, doubled, tried: victims.length }).toEqual({ lost: 0, doubled: 0, tried: cases.length });
}, 90_000);

/** Crash point × platform → what became of it, how many posts there are, how often it was sent. */
async function showTable(): Promise<void> {
  const rows = await stage.query(sql<{ id: string; state: string; submits: number }>`
    select d.id, d.state, count(a.id) filter (where a.step = 'submit') as submits
    from deliveries d left join delivery_attempts a on a.bureau_id = d.bureau_id and a.delivery_id = d.id
    group by d.id, d.state`);
  const outcomes = new Map(rows.map((row) => [row.id, row]));
  const ledger = stage.sandbox.world.ledger.list();
  let broken = 0;
  const cells = cases.map((one) => {
    const { lost, doubled } = judgeLedger(ledger, [one.victim]);
    const outcome = outcomes.get(one.victim.id)!;
    const posts = 1 - lost + doubled;
    const fine = outcome.state === 'published' && posts === 1 && killed.has(one);
    broken += Number(!fine);
    const text = `${fine ? 'ok' : `BROKEN ${outcome.state}`} ${posts}/${outcome.submits}`;
    return { ...one, text };
  });
  const width = 17;
  const line = (first: string, rest: readonly string[]) =>
    `${first.padEnd(46)}${rest.map((text) => text.padEnd(width)).join('')}\n`;
  process.stdout.write(line('posts/calls', platforms));
  for (const point of points) {
    const row = platforms.map(
      (platform) =>
        cells.find((cell) => cell.point === point && cell.victim.account.platform.id === platform)?.text ??
        '–',
    );
    process.stdout.write(line(point.name, row));
  }
  await reportPromise({ id: 'P1', what: 'crash points × platforms', tried: cases.length, broken });
}
