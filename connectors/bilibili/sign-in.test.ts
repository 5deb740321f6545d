import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  BILIBILI_KEY,
  BILIBILI_OPENID,
  BILIBILI_SECRET,
  type BilibiliStage,
  stageBilibili,
} from '#tests/support/bilibili-stage.ts';
import { bilibili } from './connector.ts';

const { signIn, probe } = bilibili;
if (!signIn || !probe) throw new Error('capabilities');
const redirectUri = 'https://rs.example.gov.cn/connect/bilibili/callback';

let stage: BilibiliStage;
beforeEach(async () => {
  stage = await stageBilibili();
});
afterEach(() => stage.stop());

async function consent(decision: 'allow' | 'deny' = 'allow'): Promise<URLSearchParams> {
  const asked = new URL(signIn!.authorizeUrl(stage.session, redirectUri, 'STATE1'));
  expect(await (await fetch(asked)).text()).toContain('青川人社');
  const form = new URLSearchParams({
    ...Object.fromEntries(asked.searchParams),
    openid: BILIBILI_OPENID,
    decision,
  });
  const answer = await fetch(asked.href.split('?')[0]!, { method: 'POST', body: form, redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '').searchParams;
}

describe('signing in', () => {
  test('by the consent page gives a pair that works and renews itself', async () => {
    const back = await consent();
    expect(back.get('state')).toBe('STATE1');
    const given = await signIn.exchange(stage.session, redirectUri, back.get('code') ?? '');
    if ('failure' in given) throw new Error(given.failure.kind);
    expect(given).toMatchObject({ platformUserId: BILIBILI_OPENID, expiresAt: expect.any(Date) });
    const session = { ...stage.session, credentials: { ...stage.session.credentials, ...given.credentials } };
    const probed = await probe.probe(session);
    expect(probed).toMatchObject({ kind: 'ok', notes: [expect.stringContaining('自动续期')] });
    for (const pair of stage.account().tokens) pair.expiresAt = stage.sandbox.world.clock.now();
    expect((await probe.probe(session)).kind).toBe('ok');
    const kept = JSON.stringify(stage.exchanges);
    for (const secret of [
      back.get('code')!,
      BILIBILI_SECRET,
      ...Object.values(given.credentials).slice(0, 2),
    ])
      expect(kept).not.toContain(secret);
  });

  test('works once with one code, and not at all when refused', async () => {
    const code = (await consent()).get('code') ?? '';
    await signIn.exchange(stage.session, redirectUri, code);
    expect(await signIn.exchange(stage.session, redirectUri, code)).toMatchObject({
      failure: { kind: 'sign-in-again', code: '122002' },
    });
    expect((await consent('deny')).get('code')).toBeNull();
  });

  test('with another account than the one entered is refused', async () => {
    const code = (await consent()).get('code') ?? '';
    const settings = { ...stage.session.account.settings, openid: 'somebody' };
    const session = { ...stage.session, account: { ...stage.session.account, settings } };
    expect(await signIn.exchange(session, redirectUri, code)).toMatchObject({
      failure: { kind: 'rejected', code: 'another-account' },
    });
  });

  test('keeps the pair even when the name of the account cannot be asked for', async () => {
    stage.arm('/arcopen/fn/user/account/info', { kind: 'status', status: 502 });
    const code = (await consent()).get('code') ?? '';
    const given = await signIn.exchange(stage.session, redirectUri, code);
    expect(given).toMatchObject({ credentials: { accessToken: expect.any(String) }, platformUserId: '' });
  });

  test('a lost answer is unknown: the code may be used up', async () => {
    stage.arm('/x/account-oauth2/v1/token', { kind: 'lose-answer', accept: true });
    const code = (await consent()).get('code') ?? '';
    expect(await signIn.exchange(stage.session, redirectUri, code)).toMatchObject({
      failure: { kind: 'unknown' },
    });
  });
});

test('the probe says when the permission for articles is missing, and whose token it is', async () => {
  stage.account().scopes = ['USER_INFO'];
  expect(await probe.probe(stage.session)).toMatchObject({
    kind: 'ok',
    notes: [expect.stringContaining('没有专栏权限'), expect.stringContaining('没有视频权限')],
  });
  const session = { ...stage.session, credentials: { ...stage.session.credentials, openid: 'somebody' } };
  expect(await probe.probe(session)).toMatchObject({
    kind: 'failed',
    outcome: { kind: 'sign-in-again', code: 'token-of-another-account' },
  });
});

test('on the real platform each call goes to its own host', async () => {
  const paths: string[] = [];
  const http = {
    baseUrl: 'https://bilibili.com',
    request: (call: { path: string }) => {
      paths.push(call.path);
      return Promise.reject(new Error('not called in earnest'));
    },
  };
  const session = { ...stage.session, http };
  expect(signIn.authorizeUrl(session, redirectUri, 'S')).toBe(
    `https://account.bilibili.com/pc/account-pc/auth/oauth?client_id=${BILIBILI_KEY}&gourl=${encodeURIComponent(redirectUri)}&state=S`,
  );
  await expect(probe.probe(session)).rejects.toThrow();
  await expect(signIn.exchange(session, redirectUri, 'CODE')).rejects.toThrow();
  expect(paths).toEqual([
    'https://member.bilibili.com/arcopen/fn/user/account/scopes',
    'https://api.bilibili.com/x/account-oauth2/v1/token',
  ]);
});
