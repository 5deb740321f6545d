/** The platform's side: encrypted, signed, distinct pushes, made beforehand and sent from a process of its own. */
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { sealPush } from '#sandbox/wechat-official/seal.ts';
import { monotonicMs } from '#server/base/clock.ts';
import { quantile } from './bench.ts';
import { answerParent } from './child.ts';

type Account = { appId: string; originalId: string; token: string; encodingAESKey: string };
type Prepared = { key: string; path: string; body: Buffer };
type Load = { origin: string; ms: number; connections: number; take: 'new' | 'again'; perSecond?: number };

/** One in this many pushes is one that was sent before: platforms retry what they think was lost. */
const duplicateEvery = 20;
const headers = { 'content-type': 'text/xml' };

let prepared: Prepared[] = [];
/** Pushes below this were sent to be stored. */
let used = 0;
const acked = new Set<string>();

async function prepare({
  account,
  path,
  count,
}: {
  account: Account;
  path: string;
  count: number;
}): Promise<void> {
  const { appId, originalId, token, encodingAESKey } = account;
  const target = {
    url: `http://127.0.0.1${path}`,
    token,
    encodingAESKey,
    mode: 'safe',
    format: 'xml',
  } as const;
  const now = Date.now();
  prepared = Array.from({ length: count }, (_, at) => {
    const openid = `oBENCH${String(at % 5_000).padStart(22, '0')}`;
    const msgId = String(24_950_000_000_000_000n + BigInt(at));
    const fields = {
      ...{
        ToUserName: originalId,
        FromUserName: openid,
        CreateTime: Math.floor(now / 1000),
        MsgType: 'text',
      },
      ...{ Content: `您好，请问我的养老保险缴费满十五年以后还要继续缴吗？编号 ${at}`, MsgId: msgId },
    };
    const push = sealPush(target, appId, openid, fields, now, false);
    return {
      key: `msg:${msgId}`,
      path: push.url.slice('http://127.0.0.1'.length),
      body: Buffer.from(push.body),
    };
  });
}

async function load({ origin, ms, connections, take, perSecond }: Load) {
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const latencies: number[] = [];
  let failed = 0;
  let spare = 0;

  function next(): Prepared {
    spare += 1;
    if (take === 'again') return prepared[spare % prepared.length]!;
    if (used > 0 && spare % duplicateEvery === 0) return prepared[(spare * 7_919) % used]!;
    const push = prepared[used];
    if (!push) throw new Error('not enough pushes were prepared');
    used += 1;
    return push;
  }

  async function send(due: number): Promise<void> {
    const { key, path, body } = next();
    try {
      const answer = await pool.request({ path, method: 'POST', headers, body });
      await answer.body.dump();
      if (answer.statusCode !== 200) failed += 1;
      else if (take === 'new') acked.add(key);
    } catch {
      failed += 1;
    }
    latencies.push(monotonicMs() - due);
  }

  const start = monotonicMs();
  const end = start + ms;
  if (perSecond === undefined) {
    const oneAfterAnother = async () => {
      while (monotonicMs() < end) await send(monotonicMs());
    };
    await Promise.all(Array.from({ length: connections }, oneAfterAnother));
  } else {
    await atRate(perSecond, start, end, send);
  }
  const seconds = (monotonicMs() - start) / 1000;
  await pool.close();
  return {
    perSecond: (latencies.length - failed) / seconds,
    failed,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}

/** Open loop: each is due at its own time and measured from it, so that a stall counts for all it delayed. */
async function atRate(perSecond: number, start: number, end: number, send: (due: number) => Promise<void>) {
  const running: Promise<void>[] = [];
  for (let sent = 0; ; ) {
    const now = monotonicMs();
    if (now >= end) break;
    for (; start + (sent * 1000) / perSecond <= now; sent += 1)
      running.push(send(start + (sent * 1000) / perSecond));
    await delay(1);
  }
  await Promise.all(running);
}

answerParent({ prepare, load, report: async () => ({ acked: [...acked], sent: used }) });
