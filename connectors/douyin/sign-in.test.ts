import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { revokeGrant, setUpAccount } from '#sandbox/douyin/set-up.ts';
import {
  DOUYIN_KEY,
  DOUYIN_OPEN_ID,
  DOUYIN_SECRET,
  type DouyinStage,
  stageDouyin,
} from '#tests/support/douyin-stage.ts';
import type { AccountSession } from '../contract.ts';
import { douyin } from './connector.ts';
import { limits } from './limits.ts';
import { accessToken } from './tokens.ts';

const { signIn, probe, renew } = douyin;
if (!signIn || !probe || !renew) throw new Error('capabilities');

const DAY = 86_400_000;
const RENEW = '/oauth/renew_refresh_token/';
const REFRESH = '/oauth/refresh_token/';
const redirectUri = 'https://rs.example.gov.cn/back';

let stage: DouyinStage;
beforeEach(async () => {
  stage = await stageDouyin();
});
afterEach(() => stage.stop());

describe('signing in', () => {
  async function consent(openId = DOUYIN_OPEN_ID): Promise<string> {
    const asked = new URL(signIn!.authorizeUrl(stage.session, redirectUri, 'STATE1'));
    const page = await (await fetch(asked)).text();
    expect(page).toContain('青川人社');
    const form = new URLSearchParams({
      ...Object.fromEntries(asked.searchParams),
      open_id: openId,
      decision: 'allow',
    });
    const answer = await fetch(asked.href.split('?')[0]!, { method: 'POST', body: form, redirect: 'manual' });
    const back = new URL(answer.headers.get('location') ?? '');
    expect(back.searchParams.get('state')).toBe('STATE1');
    return back.searchParams.get('code') ?? '';
  }

  test('gives a grant that works, from a code that works once; no secret is recorded', async () => {
    const code = await consent();
    const given = await signIn.exchange(stage.session, redirectUri, code);
    if ('failure' in given) throw new Error(given.failure.kind);
    expect(given.platformUserId).toBe(DOUYIN_OPEN_ID);
    // Of the refresh token; renewing prolongs it.
    expect(Math.round((given.expiresAt!.getTime() - stage.session.now().getTime()) / DAY)).toBe(30);
    const session: AccountSession = {
      ...stage.session,
      credentials: { ...stage.session.credentials, ...given.credentials },
    };
    expect((await probe.probe(session)).kind).toBe('ok');
    const again = await signIn.exchange(stage.session, redirectUri, code);
    expect(again).toMatchObject({ failure: { kind: 'sign-in-again', code: '10007' } });
    const kept = JSON.stringify(stage.exchanges);
    for (const secret of [code, DOUYIN_SECRET, given.credentials.refreshToken!])
      expect(kept).not.toContain(secret);
  });

  test('as another account is refused: what was approved must not go out there', async () => {
    setUpAccount(stage.sandbox.world, 'another-open-id', {
      ...{ clientKey: DOUYIN_KEY, clientSecret: DOUYIN_SECRET, name: '别的号' },
    });
    const given = await signIn.exchange(stage.session, redirectUri, await consent('another-open-id'));
    expect(given).toMatchObject({ failure: { kind: 'rejected', code: 'another-account' } });
  });

  test('one scope that the application lacks spoils the page, as on the platform', async () => {
    const settings = { ...stage.session.account.settings, scopes: 'user_info,video.create' };
    const session = { ...stage.session, account: { ...stage.session.account, settings } };
    const page = await fetch(signIn.authorizeUrl(session, redirectUri, 'S'));
    expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('scope权限非法')]);
  });
});

describe('renewing', () => {
  type Given = Exclude<Awaited<ReturnType<typeof renew.renew>>, { failure: unknown }>;
  const renewed = async (session: AccountSession): Promise<Given> => {
    const given = await renew.renew(session);
    if ('failure' in given) throw new Error(JSON.stringify(given.failure));
    return given;
  };
  const keep = (session: AccountSession, given: Given): AccountSession => ({
    ...session,
    credentials: { ...session.credentials, ...given.credentials },
  });
  const daysLeft = (end: Date | null) => Math.round((end!.getTime() - stage.session.now().getTime()) / DAY);

  test('gains five times thirty days less the margin, then a person is needed, and that is known ahead', async () => {
    let session = stage.session;
    const start = session.now().getTime();
    for (let time = 1; time <= limits.renewals; time += 1) {
      stage.advance(24 * DAY - (time === 1 ? 3_600_000 : DAY));
      const given = await renewed(session);
      expect([daysLeft(given.expiresAt), daysLeft(given.renewableUntil)]).toEqual([30, 30 + (5 - time) * 23]);
      session = keep(session, given);
      expect((await probe.probe(session)).kind).toBe('ok');
    }
    stage.calls();
    stage.advance(24 * DAY);
    const last = await renewed(session);
    expect(stage.calls()).toEqual([]);
    expect(daysLeft(last.renewableUntil)).toBe(6);
    stage.advance(7 * DAY);
    expect(await renew.renew(session)).toMatchObject({ failure: { kind: 'sign-in-again', code: '10010' } });
    const days = (stage.session.now().getTime() - start) / DAY;
    expect(days).toBeGreaterThan(140);
    expect(stage.account().refresh.map(({ renewals }) => renewals)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('voids the old token, and a limit of the platform’s own is believed', async () => {
    const session = keep(stage.session, await renewed(stage.session));
    expect(await renew.renew(stage.session)).toMatchObject({ failure: { kind: 'sign-in-again' } });
    stage.account().renewLimit = 1;
    const end = await renewed(session);
    expect(end.credentials).toEqual({ renewals: '5' });
    expect(end.renewableUntil).toEqual(end.expiresAt);
  });

  test('is not tried without its permission, and a network that fails says nothing of the grant', async () => {
    const without = { ...stage.session.credentials, grantedScopes: 'user_info' };
    const end = await renewed({ ...stage.session, credentials: without });
    expect(end.renewableUntil?.toISOString()).toBe(stage.session.credentials.refreshExpiresAt);
    expect(stage.calls()).toEqual([]);
    stage.arm(RENEW, { kind: 'status', status: 502 });
    expect(await renew.renew(stage.session)).toMatchObject({ failure: { kind: 'retry-later' } });
    stage.arm(RENEW, { kind: 'lose-answer', accept: false });
    expect(await renew.renew(stage.session)).toMatchObject({ failure: { kind: 'retry-later' } });
    await renewed(stage.session);
  });
});

describe('the tokens', () => {
  test('one access token serves all calls until it nears its end, and then keeps its value', async () => {
    const first = await accessToken(stage.session);
    expect(await accessToken(stage.session)).toBe(first);
    expect(stage.calls()).toEqual([REFRESH]);
    stage.advance(14.7 * DAY);
    expect(await accessToken(stage.session)).toBe(first);
    expect(stage.calls()).toEqual([REFRESH]);
  });

  test('a network that is down is not a withdrawn grant', async () => {
    for (const fault of [
      { kind: 'lose-answer', accept: false },
      { kind: 'status', status: 503 },
      { kind: 'html', accept: false },
      { kind: 'truncate', accept: false },
    ] as const) {
      stage.arm(REFRESH, fault);
      expect(await probe.probe(stage.session)).toMatchObject({
        ...{ kind: 'failed', outcome: { kind: 'retry-later' } },
      });
    }
    expect((await probe.probe(stage.session)).kind).toBe('ok');
  });

  test('a token of another account is never used', async () => {
    const session = { ...stage.session, credentials: { ...stage.session.credentials, openId: 'someone' } };
    expect(await probe.probe(session)).toMatchObject({
      ...{ kind: 'failed', outcome: { kind: 'sign-in-again', code: 'token-of-another-account' } },
    });
  });

  test('an account that nobody signed in to makes no call', async () => {
    const session = { ...stage.session, credentials: { clientSecret: DOUYIN_SECRET } };
    expect(await probe.probe(session)).toMatchObject({
      ...{ kind: 'failed', outcome: { kind: 'sign-in-again', code: 'not-signed-in' } },
    });
    expect(stage.calls()).toEqual([]);
  });

  test('a token that the platform refuses and gives again asks for a person', async () => {
    const refused = { data: { error_code: 28001003, description: 'access_token无效' } };
    stage.arm('/oauth/userinfo/', { kind: 'answer', body: refused }, 2);
    expect(await probe.probe(stage.session)).toMatchObject({
      ...{ kind: 'failed', outcome: { kind: 'sign-in-again', code: '28001003' } },
    });
  });
});

describe('the probe', () => {
  test('names what the grant lacks, and when it ends', async () => {
    const granted = 'user_info,item.comment,video.list.bind';
    const session = {
      ...stage.session,
      credentials: { ...stage.session.credentials, grantedScopes: granted },
    };
    const found = await probe.probe(session);
    if (found.kind !== 'ok') throw new Error('failed');
    const notes = found.notes.join('\n');
    expect(notes).toContain('没有 video.create.bind：不能由接口发布');
    expect(notes).toContain('授权还有 29 天到期');
    expect(found.grants).toMatchObject({
      ...{ publish: 'assisted', comments: 'granted', metrics: 'needs-application', withdraw: 'unsupported' },
    });
    expect(notes).not.toContain('item.comment');
  });

  test('sees a withdrawn grant', async () => {
    await probe.probe(stage.session);
    revokeGrant(stage.sandbox.world, stage.account());
    expect(await probe.probe(stage.session)).toMatchObject({
      ...{ kind: 'failed', outcome: { kind: 'sign-in-again' } },
    });
  });
});
