import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  KUAISHOU_OPEN_ID,
  KUAISHOU_SECRET,
  type KuaishouStage,
  stageKuaishou,
} from '#tests/support/kuaishou-stage.ts';
import type { AccountSession, Credentials } from '../contract.ts';
import { kuaishou } from './connector.ts';
import { currentGrant } from './grant.ts';

const { signIn, probe, renew } = kuaishou;
if (!signIn || !probe || !renew) throw new Error('capabilities');
const redirectUri = 'https://rs.example.gov.cn/connect/kuaishou/callback';
const RENEW = '/oauth2/refresh_token';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let stage: KuaishouStage;
beforeEach(async () => {
  stage = await stageKuaishou();
});
afterEach(() => stage.stop());

async function consent(decision: 'allow' | 'deny' = 'allow'): Promise<URLSearchParams> {
  const asked = new URL(signIn!.authorizeUrl(stage.session, redirectUri, 'STATE1'));
  expect(await (await fetch(asked)).text()).toContain('青川人社');
  const form = new URLSearchParams({
    ...Object.fromEntries(asked.searchParams),
    ...{ open_id: KUAISHOU_OPEN_ID, decision },
  });
  const answer = await fetch(asked.href.split('?')[0]!, { method: 'POST', body: form, redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '').searchParams;
}
const keep = (session: AccountSession, credentials: Credentials): AccountSession => ({
  ...session,
  credentials: { ...session.credentials, ...credentials },
});
const renewals = () => stage.calls().filter((path) => path === RENEW).length;

describe('signing in', () => {
  test('gives a pair that works, from a code that works once; no secret is recorded', async () => {
    const back = await consent();
    expect(back.get('state')).toBe('STATE1');
    const code = back.get('code') ?? '';
    const given = await signIn.exchange(stage.session, redirectUri, code);
    if ('failure' in given) throw new Error(given.failure.kind);
    expect(given).toMatchObject({ platformUserId: KUAISHOU_OPEN_ID, expiresAt: expect.any(Date) });
    expect(given.credentials.grantedScopes).toContain('user_video_publish');
    expect((await probe.probe(keep(stage.session, given.credentials))).kind).toBe('ok');
    expect(await signIn.exchange(stage.session, redirectUri, code)).toMatchObject({
      failure: { kind: 'rejected' },
    });
    const kept = JSON.stringify(stage.exchanges);
    for (const secret of [
      code,
      KUAISHOU_SECRET,
      given.credentials.accessToken!,
      given.credentials.refreshToken!,
    ])
      expect(kept).not.toContain(secret);
    expect((await consent('deny')).get('code')).toBeNull();
  });

  test('as another account is refused: what was approved must not go out there', async () => {
    const session = keep(stage.session, { openId: 'somebody' });
    const code = (await consent()).get('code') ?? '';
    expect(await signIn.exchange(session, redirectUri, code)).toMatchObject({
      failure: { kind: 'rejected', code: 'another-account' },
    });
  });
});

describe('renewing', () => {
  test('gives a new pair whose end is that of the first sign-in', async () => {
    stage.advance(40 * HOUR);
    const given = await renew.renew(stage.session);
    if ('failure' in given) throw new Error(given.failure.kind);
    const left = (given.renewableUntil!.getTime() - stage.session.now().getTime()) / DAY;
    expect(Math.round(left)).toBe(178);
    expect(given.credentials.refreshToken).not.toBe(stage.session.credentials.refreshToken);
    stage.calls();
    const session = keep(stage.session, given.credentials);
    // What is fresh is not renewed again.
    expect(await renew.renew(session)).toMatchObject({ credentials: given.credentials });
    expect(stage.calls()).toEqual([]);
    expect((await probe.probe(session)).kind).toBe('ok');
  });

  test('happens once when ten calls find the token refused, and every process finds the new pair', async () => {
    for (const pair of stage.account().tokens) pair.expiresAt = stage.sandbox.world.clock.now();
    const results = await Promise.all(Array.from({ length: 10 }, () => probe.probe(stage.session)));
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['ok']));
    expect(renewals()).toBe(1);
    const grant = await currentGrant(stage.session);
    expect(grant?.refresh).toBe(stage.account().tokens.at(-1)?.refresh);
  });

  test('that fails by the network is asked again; a void or ended token is for a person', async () => {
    stage.advance(47.5 * HOUR);
    stage.arm(RENEW, { kind: 'status', status: 502 });
    expect(await renew.renew(stage.session)).toMatchObject({ failure: { kind: 'retry-later' } });
    for (const pair of stage.account().tokens) pair.void = true;
    expect(await renew.renew(stage.session)).toMatchObject({ failure: { kind: 'sign-in-again' } });
    stage.advance(181 * DAY);
    stage.calls();
    expect(await renew.renew(stage.session)).toMatchObject({ failure: { kind: 'sign-in-again' } });
    expect(renewals()).toBe(0);
    expect(await renew.renew({ ...stage.session, credentials: {} })).toMatchObject({
      failure: { kind: 'sign-in-again', code: 'not-signed-in' },
    });
  });
});

test('the probe says what was granted, when the grant ends, and what nobody gets', async () => {
  const probed = await probe.probe(stage.session);
  if (probed.kind !== 'ok') throw new Error('failed');
  expect(probed.grants).toMatchObject({
    ...{ publish: 'granted', withdraw: 'granted', metrics: 'granted', comments: 'unsupported' },
  });
  expect(probed.notes.join('\n')).toContain('授权还有 179 天到期');
  const less = await probe.probe(keep(stage.session, { grantedScopes: 'user_info' }));
  expect(less).toMatchObject({ grants: { publish: 'assisted', withdraw: 'needs-application' } });
});
