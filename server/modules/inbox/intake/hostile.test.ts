/** What a stranger, or a platform in disorder, sends to the address of pushes: refused soon and forgotten, or absorbed. */
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handleErrors } from '#server/base/http/errors.ts';
import { newId } from '#server/base/ids.ts';
import { type InboxStage, type SealedPush, stageInbox } from '../test-support.ts';
import { processPushes } from './process-pushes.ts';
import { pushRoutes } from './push-routes.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage.stop());

/** Ids no other push of this file has. */
let last = 25_940_000_000_000_000n;
const nextId = () => {
  last += 1n;
  return String(last);
};
const genuine = (text = '请问社保卡怎么补办', more: { from?: string; at?: Date } = {}) =>
  stage.sealText(text, { msgId: nextId(), ...more });
const countStored = async () =>
  (await stage.query<{ count: number }>('select count(*) as count from raw_pushes'))[0]!.count;

/** The platform's signature over whatever the sender likes: what is inside must still be refused. */
function signed(body: string): SealedPush {
  const push = genuine();
  const url = new URL(push.url);
  const [stamp, nonce] = [url.searchParams.get('timestamp')!, url.searchParams.get('nonce')!];
  const sealed = /<Encrypt>(?:<!\[CDATA\[)?([^\]<]*)/.exec(body)?.[1] ?? '';
  const parts = ['matrixTestToken', stamp, nonce, sealed].toSorted().join('');
  url.searchParams.set('msg_signature', createHash('sha1').update(parts).digest('hex'));
  return { ...push, url: url.href, body };
}

function changed(change: (url: URL) => void): SealedPush {
  const push = genuine();
  const url = new URL(push.url);
  change(url);
  return { ...push, url: url.href };
}

const laughs = `<!DOCTYPE lolz [<!ENTITY a "哈哈">${Array.from({ length: 9 }, (_, at) => `<!ENTITY b${at} "${'&a;'.repeat(10)}">`).join('')}]>`;

const hostile: readonly [what: string, status: number, push: () => SealedPush][] = [
  ['a wrong signature', 401, () => stage.sealText('伪造', { msgId: nextId(), forged: true })],
  [
    'no signature at all',
    401,
    () =>
      changed((url) => {
        url.search = '';
      }),
  ],
  [
    'a signature of other bytes',
    401,
    () => ({ ...genuine(), body: genuine('换过的内容').body.replace(/.(?=<\/Encrypt>|]])/, '') }),
  ],
  [
    'a time moved by an hour under the same signature',
    401,
    () =>
      changed((url) =>
        url.searchParams.set('timestamp', String(Number(url.searchParams.get('timestamp')) - 3_600)),
      ),
  ],
  [
    'text that is neither XML nor JSON',
    401,
    () => ({ ...genuine(), body: '\u0000\u0001不是报文'.repeat(50) }),
  ],
  ['an empty body', 401, () => ({ ...genuine(), body: '' })],
  ['XML that breaks off', 401, () => ({ ...genuine(), body: genuine().body.slice(0, 60) })],
  [
    'a DOCTYPE',
    401,
    () => signed('<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml><Encrypt>x</Encrypt></xml>'),
  ],
  ['an XML bomb', 401, () => signed(`${laughs}<xml><Encrypt>&b8;</Encrypt></xml>`)],
  ['XML a hundred thousand elements deep', 401, () => signed(`<xml>${'<a>'.repeat(100_000)}`)],
  [
    'JSON a hundred thousand levels deep',
    401,
    () => signed(`{"Encrypt":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
  ],
  ['JSON with a foreign prototype', 401, () => signed('{"__proto__":{"Encrypt":"x"},"constructor":1}')],
  [
    'an account that nobody has',
    404,
    () =>
      changed((url) => {
        url.pathname = `/hooks/wechat-official/${newId()}`;
      }),
  ],
  [
    'an account under another platform',
    404,
    () =>
      changed((url) => {
        url.pathname = `/hooks/weibo/${stage.bureau.accountId}`;
      }),
  ],
  [
    'something in place of an id',
    404,
    () =>
      changed((url) => {
        url.pathname = '/hooks/wechat-official/..%2f..%2fadmin';
      }),
  ],
  ['more than a megabyte', 413, () => ({ ...genuine(), body: 'x'.repeat(1_100_000) })],
];

test.each(hostile)(
  '%s is refused within a second (%i), and nothing of it is stored',
  async (_what, status, push) => {
    const sent = push();
    const before = await countStored();
    const started = performance.now();
    const answer = await stage.post(sent);
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(answer.status).toBe(status);
    expect(await countStored()).toBe(before);
  },
);

test('ten megabytes are refused by their announced length, before they are read', async () => {
  const before = await countStored();
  const { pathname, search } = new URL(genuine().url);
  const answer = await talk(
    new URL(stage.hook),
    `POST ${pathname}${search} HTTP/1.1\r\nhost: x\r\ncontent-type: text/xml\r\ncontent-length: 10485760\r\n\r\n<xml>`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(await countStored()).toBe(before);
});

test('ten megabytes that announce no length are cut off at the first', async () => {
  const before = await countStored();
  const { pathname, search } = new URL(genuine().url);
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
  const answer = await talk(
    new URL(stage.hook),
    `POST ${pathname}${search} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${chunk.repeat(18)}`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(await countStored()).toBe(before);
});

test('a body that drips is cut off when its time is over, and holds up nobody meanwhile', async () => {
  const bodyMs = 400;
  const server = Fastify({ logger: false, forceCloseConnections: true });
  handleErrors(server);
  await server.register(pushRoutes, { app: stage.app, intake: stage.intake, bodyMs });
  const address = new URL(await server.listen({ port: 0, host: '127.0.0.1' }));
  try {
    const here = (push: SealedPush) => ({
      ...push,
      url: push.url.replace(new URL(push.url).origin, address.origin),
    });
    const push = here(genuine());
    const { pathname, search } = new URL(push.url);
    const before = await countStored();
    const slow = talk(
      address,
      `POST ${pathname}${search} HTTP/1.1\r\nhost: x\r\ncontent-length: ${Buffer.byteLength(push.body)}\r\n\r\n`,
      push.body,
    );
    expect((await stage.post(here(genuine('别人的消息')))).status).toBe(200);
    expect(await slow).toMatch(/^HTTP\/1\.1 408 [\s\S]*"push-too-slow"/);
    expect(await countStored()).toBe(before + 1);
  } finally {
    await server.close();
  }
});

test('a body that was refused before its end is waited for by nobody, and the program lives on', async () => {
  const bodyMs = 300;
  const server = Fastify({ logger: false, forceCloseConnections: true });
  handleErrors(server);
  await server.register(pushRoutes, { app: stage.app, intake: stage.intake, bodyMs });
  const address = new URL(await server.listen({ port: 0, host: '127.0.0.1' }));
  // Vitest would catch it for the whole run; here it must be seen by whom it concerns.
  const caught: unknown[] = [];
  const others = process.rawListeners('uncaughtException') as NodeJS.UncaughtExceptionListener[];
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => caught.push(error));
  const agent = new Agent({ keepAlive: true });
  try {
    const { pathname } = new URL(genuine().url);
    const huge = Buffer.alloc(6_000_000, 'x');
    for (const path of [pathname, '/hooks/nobody/x'])
      expect(await postBy(agent, address, path, huge)).toBe(413);
    // One that drips from now on is cut off later than those would be.
    const head = `POST ${pathname} HTTP/1.1\r\nhost: x\r\ncontent-length: 900\r\n\r\n`;
    expect(await talk(address, head, 'x'.repeat(900))).toMatch(/^HTTP\/1\.1 408 /);
    expect(caught).toEqual([]);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const one of others) process.on('uncaughtException', one);
    agent.destroy();
    await server.close();
  }
});

/** @returns the status; the connection stays, as that of a client that will ask again */
function postBy(agent: Agent, { hostname, port }: URL, path: string, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, agent, method: 'POST' }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.once('error', reject).end(body);
  });
}

test('duplicates at once, and again after they were processed, are acknowledged and make one message', async () => {
  const msgId = nextId();
  const push = () => stage.sealText('重复的消息', { msgId, from: 'oTWICE' });
  const one = push();
  const answers = await Promise.all([one, one, push(), one].map(stage.post));
  await drain();
  answers.push(await stage.post(one), await stage.post(push()));
  await drain();
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200));
  expect(await wordsOf('oTWICE')).toEqual(['重复的消息']);
});

test('a replay from outside the window is refused although every signature is right', async () => {
  const { now } = Date;
  Date.now = () => now() - 11 * 60_000;
  const old = genuine('十一分钟前截获的');
  Date.now = now;
  const before = await countStored();
  expect((await stage.post(old)).status).toBe(401);
  expect(await countStored()).toBe(before);
});

test('what comes in the wrong order is told in the right one, in one case', async () => {
  const minute = (ago: number) => new Date(Date.now() - ago * 60_000);
  for (const [text, ago] of [
    ['三', 1],
    ['一', 5],
    ['二', 3],
  ] as const)
    expect((await stage.post(genuine(text, { from: 'oMIXED', at: minute(ago) }))).status).toBe(200);
  await drain();
  expect(await wordsOf('oMIXED')).toEqual(['一', '二', '三']);
  const cases = await stage.query(
    `select distinct l.case_id from case_conversations l
     join conversations v on v.id = l.conversation_id where v.person_key = 'oMIXED'`,
  );
  expect(cases).toHaveLength(1);
});

const drain = async () => {
  while ((await processPushes(stage.app)).count > 0);
};

const wordsOf = async (person: string) =>
  (
    await stage.query<{ text: string }>(
      `select m.text from messages m join conversations v on v.id = m.conversation_id
       where v.person_key = '${person}' order by m.at`,
    )
  ).map(({ text }) => text);

/** Bytes over a bare socket, the second part a few at a time; what comes back until the other side closes. */
function talk({ hostname, port }: URL, head: string, dripped = ''): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    let at = 0;
    const socket = connect(Number(port), hostname, () => socket.write(head));
    const drip = setInterval(() => {
      // The last byte never comes.
      if (at < dripped.length - 1) socket.write(dripped.slice(at, ++at));
    }, 50);
    const done = () => {
      clearInterval(drip);
      resolve(answer);
    };
    socket.on('data', (bytes) => {
      answer += bytes.toString();
      if (dripped === '') socket.end();
    });
    socket.on('error', done).on('close', done);
  });
}
