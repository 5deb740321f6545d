/** A database that goes away: what people see meanwhile, and that it is over by itself. */

import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startInstallation } from '#server/start.ts';
import { createArticle, getArticle, listArticles, saveWorkingCopy } from '#shared/content.ts';
import { buildDatabase, passwordOf } from '#tests/support/build-app.ts';
import { type Client, signInClient } from '#tests/support/client.ts';
import { testConfig } from '#tests/support/config.ts';
import { until } from '#tests/support/wait.ts';

/** A wire to the database that can be cut and mended. */
async function buildWire(
  target: URL,
): Promise<{ url: string; cut(): void; mend(): Promise<void>; close(): void }> {
  const sockets = new Set<Socket>();
  const open = (): Server =>
    createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
  let server = open();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  const cut = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut,
    async mend() {
      server = open();
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    },
    close: cut,
  };
}

let wire: Awaited<ReturnType<typeof buildWire>>;
let database: Awaited<ReturnType<typeof buildDatabase>>;
let installation: Awaited<ReturnType<typeof startInstallation>>;
let editor: Client;
let dataDir = '';
beforeAll(async () => {
  database = await buildDatabase();
  wire = await buildWire(new URL(database.url));
  dataDir = await mkdtemp(join(tmpdir(), 'huisheng-loss-'));
  const storage = { url: wire.url, directUrl: wire.url, embedded: false, stop: async () => undefined };
  installation = await startInstallation(testConfig({ dataDir, roles: ['web'] }), storage, {
    sandboxUrl: null,
  });
  editor = await signInClient(installation.address!, 'bianji', passwordOf('bianji'));
});
afterAll(async () => {
  await installation?.stop();
  wire?.close();
  await database?.drop();
  await rm(dataDir, { recursive: true, force: true });
});

describe('while the database is away', () => {
  test('every route answers 503 with the words for it, and all is well once it is back', async () => {
    expect((await editor.try(listArticles, { query: {} })).status).toBe(200);
    wire.cut();
    const read = await editor.try(listArticles, { query: {} });
    const write = await editor.try(createArticle, { body: { title: '断线时写的' } });
    expect([read.status, read.error?.code]).toEqual([503, 'database-unavailable']);
    expect([write.status, write.error?.code]).toEqual([503, 'database-unavailable']);
    expect((await fetch(`${installation.address}/readyz`)).status).toBe(503);
    expect((await fetch(`${installation.address}/healthz`)).status).toBe(200);
    await wire.mend();
    await until(async () => (await fetch(`${installation.address}/readyz`)).ok, { what: 'ready again' });
    expect((await editor.try(listArticles, { query: {} })).status).toBe(200);
  });

  test('a request whose connection is cut in the middle is a 503, and nothing of it remains', async () => {
    const title = '半途而断';
    const { id } = await editor.call(createArticle, { body: { title } });
    const { working } = await editor.call(getArticle, { params: { articleId: id } });
    // Another connection, not over the wire, holds the article: the save waits for it, and is cut while it waits.
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query('select 1 from articles where id = $1 for update', [id]);
      const save = editor.try(saveWorkingCopy, {
        params: { articleId: id },
        body: { baseRevision: 1, working: { ...working, title: '改过' }, targets: [], class: 'ordinary' },
      });
      const waiting = async () =>
        (
          await holder.query(
            "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
          )
        ).rowCount;
      await until(waiting, { what: 'the save waits for the lock' });
      wire.cut();
      expect(await save).toMatchObject({ status: 503, error: { code: 'database-unavailable' } });
    } finally {
      await holder.end();
    }
    await wire.mend();
    await until(async () => (await fetch(`${installation.address}/readyz`)).ok, { what: 'ready again' });
    const after = await editor.call(getArticle, { params: { articleId: id } });
    expect([after.working.title, after.workingRevision]).toEqual([title, 1]);
  });
});
