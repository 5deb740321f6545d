import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../start.ts';
import { setUpAccount } from '../wechat-official/set-up.ts';
import type { PushHttp, PushLogEntry } from './pushes.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function start(options: Parameters<typeof startSandbox>[0] = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  stops.push(sandbox.stop);
  return sandbox;
}

const control = (sandbox: Sandbox, path: string, body?: unknown, method = body ? 'POST' : 'GET') =>
  fetch(`${sandbox.url}/sandbox/_control${path}`, {
    method,
    headers: body ? { 'content-type': 'application/json' } : {},
    body: body ? JSON.stringify(body) : null,
  });

/** Polls a condition: pushes and processes are done when they are done. */
async function until(condition: () => boolean | Promise<boolean>, ms = 5000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('not in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('the world', () => {
  test('survives a restart with its state, ledger, clock, queue and media', async () => {
    const stateFile = join(mkdtempSync(join(tmpdir(), 'sandbox-')), 'state.json');
    const first = await startSandbox({ stateFile });
    first.world.state('some', { posts: [1] }).posts.push(2);
    first.world.changed();
    const entry = { platform: 'some', account: 'a', kind: 'post.published', key: 'k', detail: {} } as const;
    first.world.ledger.append(entry);
    first.world.clock.advance(3_600_000);
    first.world.schedule.after(60_000, 'some.work', { n: 1 });
    const sha256 = first.world.media.keep(Buffer.from('picture'));
    await first.stop();

    const { world } = await start({ stateFile });
    expect(world.state('some', { posts: [] as number[] }).posts).toEqual([1, 2]);
    expect(world.ledger.list({ kind: 'post.published' })).toMatchObject([{ ...entry, seq: 1 }]);
    expect(world.clock.now() - Date.now()).toBeGreaterThan(3_500_000);
    expect(world.media.find(sha256)?.toString()).toBe('picture');
    const done: unknown[] = [];
    world.schedule.handle('some.work', (data) => done.push(data));
    world.clock.advance(60_000);
    expect(done).toEqual([{ n: 1 }]);
  });

  test('is empty again after a reset', async () => {
    const sandbox = await start();
    sandbox.world.state('some', { posts: [] as number[] }).posts.push(1);
    sandbox.world.clock.advance(1000);
    sandbox.world.faults.arm({ platform: 'some', path: '/', fault: { kind: 'html' } });
    expect((await control(sandbox, '/reset', {})).status).toBe(204);
    expect(sandbox.world.state('some', { posts: [] as number[] }).posts).toEqual([]);
    expect(sandbox.world.faults.list().armed).toEqual([]);
    expect(sandbox.world.clock.now() - Date.now()).toBeLessThan(500);
  });

  test('refuses a clock that runs backwards and faults it does not know', async () => {
    const sandbox = await start();
    expect((await control(sandbox, '/clock', { advanceMs: -1 })).status).toBe(400);
    const fault = { platform: 'x', path: '/', fault: { kind: 'explode' } };
    expect((await control(sandbox, '/faults', fault)).status).toBe(400);
  });

  test('is not controlled by those who come through a proxy', async () => {
    const sandbox = await start();
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    for (const path of ['_control/ledger', '%5Fcontrol/ledger', '_control/wechat-official/accounts/wx1']) {
      expect((await fetch(`${sandbox.url}/sandbox/${path}`, { headers })).status, path).toBe(403);
    }
    expect((await fetch(`${sandbox.url}/sandbox/`, { headers })).status).toBe(200);
  });
});

describe('faults', () => {
  const token = (sandbox: Sandbox) =>
    fetch(`${sandbox.url}/sandbox/wechat-official/cgi-bin/stable_token`, { method: 'POST', body: '{}' });
  const arm = (sandbox: Sandbox, fault: unknown, more: object = {}) =>
    control(sandbox, '/faults', {
      platform: 'wechat-official',
      path: '/cgi-bin/stable_token',
      fault,
      ...more,
    });

  test('fire as often as told, after as many calls as told, and are listed', async () => {
    const sandbox = await start();
    await arm(
      sandbox,
      { kind: 'status', status: 503, headers: { 'retry-after': '9' } },
      { times: 2, after: 1 },
    );
    const answers = [await token(sandbox), await token(sandbox), await token(sandbox), await token(sandbox)];
    expect(answers.map(({ status }) => status)).toEqual([200, 503, 503, 200]);
    expect(answers[1]?.headers.get('retry-after')).toBe('9');
    const listed = (await (await control(sandbox, '/faults')).json()) as {
      armed: unknown[];
      fired: unknown[];
    };
    expect([listed.armed.length, listed.fired.length]).toEqual([0, 2]);
  });

  test('of other paths and platforms do not fire', async () => {
    const sandbox = await start();
    await control(sandbox, '/faults', { platform: 'weibo', path: '/', fault: { kind: 'html' } });
    await arm(sandbox, { kind: 'html' }, { path: '/cgi-bin/draft' });
    expect((await token(sandbox)).headers.get('content-type')).toContain('json');
  });

  test('are forgotten when cleared', async () => {
    const sandbox = await start();
    await arm(sandbox, { kind: 'status', status: 503 });
    expect((await control(sandbox, '/faults', undefined, 'DELETE')).status).toBe(204);
    expect((await token(sandbox)).status).toBe(200);
  });

  test('HTML comes as HTML, truncated JSON is not JSON, a lost answer is none', async () => {
    const sandbox = await start();
    await arm(sandbox, { kind: 'html' });
    expect((await token(sandbox)).headers.get('content-type')).toContain('text/html');
    await arm(sandbox, { kind: 'truncate', accept: true });
    await expect((await token(sandbox)).json()).rejects.toThrow(SyntaxError);
    await arm(sandbox, { kind: 'lose-answer' });
    await expect(token(sandbox)).rejects.toThrow();
  });

  test('a stall in the body sends headers and then nothing until the socket dies', async () => {
    const sandbox = await start();
    await arm(sandbox, { kind: 'stall', at: 'body', ms: 50, accept: true });
    const answer = await token(sandbox);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });
});

describe('pushes', () => {
  type Seen = { bodies: string[]; url: string; answer: (nth: number) => number | 'hang' };

  async function listen(answer: Seen['answer']): Promise<Seen> {
    const seen: Seen = { bodies: [], url: '', answer };
    const server: Server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        seen.bodies.push(body);
        const status = answer(seen.bodies.length);
        if (status !== 'hang') response.writeHead(status).end('success');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    seen.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
    return seen;
  }

  const behave = (sandbox: Sandbox, behaviour: object) =>
    control(sandbox, '/pushes/behaviour', { platform: 'p', gapMs: 1, timeoutMs: 100, ...behaviour }, 'PUT');

  function send(sandbox: Sandbox, url: string, name: string): void {
    const http = (as: string): PushHttp => ({ url, method: 'POST', headers: {}, body: `${name} ${as}` });
    sandbox.world.pushes.send({
      platform: 'p',
      account: 'a',
      type: 'text',
      seal: http,
      received: (status) => status === 200,
    });
  }

  const settled = (sandbox: Sandbox): PushLogEntry[] =>
    sandbox.world.pushes.list('p').filter(({ state }) => state === 'received' || state === 'lost');

  test('are tried three times and then lost', async () => {
    const sandbox = await start();
    const seen = await listen(() => 500);
    await behave(sandbox, {});
    send(sandbox, seen.url, 'one');
    await until(() => settled(sandbox).length === 1);
    expect(settled(sandbox)[0]).toMatchObject({ state: 'lost', tries: [{ status: 500 }, {}, {}] });
    expect(seen.bodies).toEqual(['one genuine', 'one genuine', 'one genuine']);
  });

  test('are given up after the time-out and tried again', async () => {
    const sandbox = await start();
    const seen = await listen((nth) => (nth === 1 ? 'hang' : 200));
    await behave(sandbox, {});
    send(sandbox, seen.url, 'one');
    await until(() => settled(sandbox).length === 1);
    expect(settled(sandbox)[0]).toMatchObject({
      state: 'received',
      tries: [{ status: null }, { status: 200 }],
    });
  });

  test('are duplicated, forged, reordered and replayed on demand', async () => {
    const sandbox = await start();
    const seen = await listen(() => 200);
    await behave(sandbox, { duplicates: 1, forge: true });
    send(sandbox, seen.url, 'one');
    await until(() => seen.bodies.length === 3);
    expect(seen.bodies.toSorted()).toEqual(['one forged', 'one genuine', 'one genuine']);
    await behave(sandbox, { reorder: 2 });
    seen.bodies = [];
    send(sandbox, seen.url, 'first');
    send(sandbox, seen.url, 'second');
    await until(() => seen.bodies.length === 2);
    expect(seen.bodies).toEqual(['second genuine', 'first genuine']);
    const { seq } = sandbox.world.pushes.list('p')[0] ?? { seq: 0 };
    const replayed = await control(sandbox, `/pushes/${seq}/replay`, {});
    expect(await replayed.json()).toMatchObject({ status: 200 });
    expect(seen.bodies).toHaveLength(3);
  });
});

describe('the process', () => {
  test('says when it is ready, keeps its state over a SIGTERM, and answers again', async () => {
    const stateFile = join(mkdtempSync(join(tmpdir(), 'sandbox-')), 'state.json');
    const before = await startProcess(stateFile);
    const set = await fetch(`${before.url}/sandbox/_control/wechat-official/accounts/wx1`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret: 's', name: '青川县人社局', kind: 'service' }),
    });
    expect(set.status).toBe(200);
    expect(await before.end()).toBe(0);
    const after = await startProcess(stateFile);
    expect(await (await fetch(`${after.url}/sandbox/wechat-official/`)).text()).toContain('青川县人社局');
    expect(await after.end()).toBe(0);
  }, 20_000);

  test('refuses a port that is none, in both languages', async () => {
    const child = spawn(process.execPath, ['sandbox/main.ts'], {
      env: { ...process.env, SANDBOX_PORT: 'abc' },
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(2);
    expect(said).toMatch(/应为.*must be/);
  });

  async function startProcess(stateFile: string) {
    const env = { ...process.env, SANDBOX_PORT: '0', SANDBOX_STATE_FILE: stateFile };
    const child = spawn(process.execPath, ['sandbox/main.ts'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    stops.push(() => child.kill('SIGKILL'));
    const line = await new Promise<string>((resolve) =>
      createInterface(child.stdout).once('line', (text) => resolve(text)),
    );
    const ready = JSON.parse(line) as { ready: boolean; port: number };
    expect(ready.ready).toBe(true);
    return {
      url: `http://127.0.0.1:${ready.port}`,
      end() {
        child.kill('SIGTERM');
        return ended;
      },
    };
  }
});

test('an account changed by the seed keeps its posts', async () => {
  const { world } = await start();
  const first = setUpAccount(world, 'wx1', { secret: 's', name: '甲', kind: 'service' });
  first.comments.push({
    id: 1,
    msgDataId: '1',
    index: 0,
    openid: 'o',
    nickname: 'n',
    content: 'c',
    at: 0,
    elected: false,
    reply: null,
  });
  const second = setUpAccount(world, 'wx1', { secret: 's', name: '乙', kind: 'service' });
  expect(second).toMatchObject({ name: '乙', comments: [{ content: 'c' }] });
});
