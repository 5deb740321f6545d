import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BILIBILI_SECRET, type BilibiliStage, stageBilibili } from '#tests/support/bilibili-stage.ts';
import type { AccountSession } from '../contract.ts';
import { bilibili } from './connector.ts';
import { currentGrant, liveGrant, renewGrant } from './grant.ts';
import { endOf } from './shapes.ts';

const { publish, probe } = bilibili;
if (publish.kind !== 'remote' || !probe) throw new Error('Bilibili publishes by API');
const RENEW = '/x/account-oauth2/v1/refresh_token';
const HOUR = 3_600_000;
const LIFE = 30 * 24 * HOUR;

let stage: BilibiliStage;
beforeEach(async () => {
  stage = await stageBilibili();
});
afterEach(() => stage.stop());

const prepare = (session: AccountSession = stage.session) =>
  publish.prepare(session, stage.build(), stage.media, stage.once());
const expire = () => {
  for (const pair of stage.account().tokens) pair.expiresAt = stage.sandbox.world.clock.now();
};
const renewals = () => stage.calls().filter((path) => path === RENEW).length;
const withEnd = (ms: number): AccountSession => ({
  ...stage.session,
  credentials: {
    ...stage.session.credentials,
    accessEndsAt: new Date(stage.session.now().getTime() + ms).toISOString(),
  },
});

describe('a refresh token that works once', () => {
  test('is used once, and the new pair serves every later call and every other process', async () => {
    expire();
    expect((await prepare()).kind).toBe('prepared');
    expect(renewals()).toBe(1);
    expect((await prepare()).kind).toBe('prepared');
    expect((await prepare(stage.anotherProcess())).kind).toBe('prepared');
    expect(renewals()).toBe(0);
    expect(stage.account().tokens.filter((pair) => pair.refreshUsed)).toHaveLength(1);
  });

  test('is spent once when ten calls find the token refused at the same moment', async () => {
    expire();
    const results = await Promise.all(Array.from({ length: 10 }, () => prepare(stage.anotherProcess())));
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['prepared']));
    expect(renewals()).toBe(1);
  });

  test('leads from pair to pair for as long as the platform lets it', async () => {
    for (let round = 0; round < 4; round += 1) {
      expire();
      expect((await prepare()).kind).toBe('prepared');
    }
    expect(stage.account().tokens).toHaveLength(5);
    expect((await currentGrant(stage.session))?.access).toBe(stage.account().tokens.at(-1)?.access);
  });

  test('whose answer was lost before the platform worked is asked again and nothing is burnt', async () => {
    expire();
    stage.arm(RENEW, { kind: 'lose-answer', accept: false });
    expect((await prepare()).kind).toBe('retry-later');
    expect((await prepare()).kind).toBe('prepared');
  });

  test('whose answer was lost afterwards makes a person sign in only when the platform refuses it', async () => {
    expire();
    stage.arm(RENEW, { kind: 'lose-answer', accept: true });
    expect((await prepare()).kind).toBe('retry-later');
    stage.arm(RENEW, { kind: 'status', status: 502 });
    expect((await prepare()).kind).toBe('retry-later');
    stage.arm(RENEW, { kind: 'html', accept: false });
    expect((await prepare()).kind).toBe('retry-later');
    expect(await prepare()).toEqual({ kind: 'sign-in-again', code: '122007' });
    expect((await probe.probe(stage.session)).kind).toBe('failed');
  });

  test('starts anew after a person signed in again', async () => {
    for (const pair of stage.account().tokens) pair.revoked = true;
    expect((await prepare()).kind).toBe('sign-in-again');
    const { addPair } = await import('#sandbox/bilibili/oauth.ts');
    const pair = addPair(stage.sandbox.world, stage.account());
    const session = {
      ...stage.session,
      credentials: { ...stage.session.credentials, accessToken: pair.access, refreshToken: pair.refresh },
    };
    expect((await prepare(session)).kind).toBe('prepared');
  });
});

describe('a token about to end', () => {
  test('is renewed an hour before, not earlier', async () => {
    expect((await prepare(withEnd(61 * 60_000))).kind).toBe('prepared');
    expect(renewals()).toBe(0);
    expect((await prepare(withEnd(59 * 60_000))).kind).toBe('prepared');
    expect(renewals()).toBe(1);
  });

  test('goes on being used while renewal fails for reasons of the network', async () => {
    stage.arm(RENEW, { kind: 'lose-answer', accept: false }, 3);
    expect((await prepare(withEnd(30 * 60_000))).kind).toBe('prepared');
    expect((await prepare(withEnd(5 * 60_000))).kind).toBe('retry-later');
  });

  test('costs no request when it ended before the irreversible call', async () => {
    const payload = stage.build();
    stage.calls();
    const outcome = await publish.submit(withEnd(-1), payload, {}, stage.media);
    expect(outcome).toMatchObject({ kind: 'retry-later', code: 'token-ended', scope: 'account' });
    expect(stage.calls()).toEqual([]);
  });

  test('that is refused right after its renewal is not renewed again and again', async () => {
    stage.arm(
      '/arcopen/fn/user/account/scopes',
      { kind: 'answer', body: { code: 127001 }, accept: false },
      2,
    );
    expect(await prepare()).toMatchObject({
      kind: 'retry-later',
      code: 'fresh-token-refused',
      afterMs: HOUR,
    });
    expect(renewals()).toBe(1);
  });
});

test.each([
  ['moment' as const, LIFE],
  ['life' as const, LIFE],
])('`expires_in` as a %s is understood', async (expiresInAs, life) => {
  stage.account().expiresInAs = expiresInAs;
  const grant = await renewGrant(stage.session, (await currentGrant(stage.session))!);
  if ('kind' in grant) throw new Error(grant.kind);
  expect(Math.abs(grant.endsAt! - stage.session.now().getTime() - life)).toBeLessThan(5000);
});

test('the documented number is a moment, a small one a life', () => {
  const now = new Date('2026-11-20T00:00:00Z');
  expect(endOf(1630220614, now)).toBe(1630220614000);
  expect(endOf(2592000, now)).toBe(now.getTime() + 2592000_000);
});

test('without tokens a person is asked to sign in, and nothing is sent', async () => {
  const session = { ...stage.session, credentials: { appSecret: BILIBILI_SECRET } };
  expect(await liveGrant(session)).toMatchObject({ kind: 'refused', code: '122007' });
  expect((await prepare(session)).kind).toBe('sign-in-again');
  expect(stage.calls()).toEqual([]);
});

test('no token and no secret is in any record', async () => {
  expire();
  await prepare();
  const kept = JSON.stringify(stage.exchanges);
  for (const pair of stage.account().tokens) {
    expect(kept).not.toContain(pair.access);
    expect(kept).not.toContain(pair.refresh);
  }
  expect(kept).not.toContain(BILIBILI_SECRET);
});
