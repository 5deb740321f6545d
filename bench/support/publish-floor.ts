/**
 * The floor that publishing stands on, in a process of its own: per post one transaction, the platform's calls by plain
 * `fetch`, one transaction. No fences, no audit, no record of the calls, nothing re-checked, nothing resumed.
 */
import pg from 'pg';
import type { PackagePayload } from '#shared/package.ts';
import { answerParent } from './child.ts';
import { type BenchAccount, getRecipe } from './publish-recipes.ts';

export type FloorRun = {
  databaseUrl: string;
  /** Where the API of a platform's stand-in begins, by platform. */
  bases: ReadonlyMap<string, string>;
  posts: readonly { id: string; platform: string; account: BenchAccount; payload: PackagePayload }[];
  picture: Buffer;
  concurrency: number;
};

/** As many connections as the worker has. */
const connections = 16;

const tables = `
  create table if not exists floor_deliveries (id uuid primary key, payload text not null, state text not null);
  create table if not exists floor_attempts (
    delivery_id uuid not null primary key, started_at timestamptz not null, finished_at timestamptz, outcome text)`;

async function run({ databaseUrl, bases, posts, picture, concurrency }: FloorRun): Promise<number> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections });
  await pool.query(tables);
  const insert = `insert into floor_deliveries select id, payload, 'planned' from unnest($1::uuid[], $2::text[]) as p (id, payload)`;
  await pool.query(insert, [posts.map(({ id }) => id), posts.map(({ payload }) => JSON.stringify(payload))]);
  const tokens = new Map<string, Promise<string>>();
  let next = 0;

  async function publishOne({ id, platform, account }: FloorRun['posts'][number]): Promise<void> {
    const payload = await inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ payload: string }>(
        `update floor_deliveries set state = 'submitting' where id = $1 and state = 'planned' returning payload`,
        [id],
      );
      await client.query('insert into floor_attempts (delivery_id, started_at) values ($1, now())', [id]);
      return JSON.parse(rows[0]!.payload) as PackagePayload;
    });
    await getRecipe(platform).post({ base: bases.get(platform)!, account, payload, picture, tokens });
    await inTransaction(pool, async (client) => {
      await client.query(
        `update floor_attempts set finished_at = now(), outcome = 'published' where delivery_id = $1`,
        [id],
      );
      await client.query(`update floor_deliveries set state = 'published' where id = $1`, [id]);
    });
  }

  async function oneAfterAnother(): Promise<void> {
    for (let post = posts[next++]; post; post = posts[next++]) await publishOne(post);
  }

  const began = performance.now();
  await Promise.all(Array.from({ length: concurrency }, oneAfterAnother));
  const ms = performance.now() - began;
  await pool.end();
  return ms;
}

async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } finally {
    client.release();
  }
}

answerParent({ run });
