/** Granting access: the consent page, the exchange of its code, and renewal by a refresh token that works once. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { html } from 'ghtml';
import { z } from 'zod';
import { sendPage } from '../core/page.ts';
import type { World } from '../core/world.ts';
import { type Fields, required } from './call.ts';
import { tellGrant } from './push.ts';
import { Refusal } from './refusal.ts';
import { type BilibiliAccount, PLATFORM, stateOf, type TokenPair } from './state.ts';

const CODE_LIFE_MS = 5 * 60_000;
const PAGE = `/${PLATFORM}/pc/account-pc/auth/oauth`;

const Asked = z.object({
  client_id: z.string().min(1),
  gourl: z.url({ protocol: /^https?$/ }),
  state: z.string().default(''),
});
const Decided = Asked.extend({ openid: z.string(), decision: z.enum(['allow', 'deny']) });

export function registerConsent(app: FastifyInstance, world: World): void {
  const home = { href: `/sandbox/${PLATFORM}/`, label: '哔哩哔哩（模拟）' };
  const accountsOf = (appKey: string) =>
    Object.values(stateOf(world).accounts).filter((account) => account.appKey === appKey);

  app.route({
    method: 'GET',
    url: PAGE,
    // The form's answer leads back to the application, which the usual policy of the pages forbids.
    onSend: async (request, reply) => {
      const asked = Asked.safeParse(request.query);
      if (asked.success) reply.header('content-security-policy', policyFor(asked.data.gourl));
    },
    handler: (request, reply) => {
      const asked = Asked.parse(request.query);
      const accounts = accountsOf(asked.client_id);
      const found = accounts.length > 0;
      const body = found ? consentPage(asked, accounts) : html`<h1>应用不存在</h1>`;
      return sendPage(reply, { title: '授权', home, body, status: found ? 200 : 400 });
    },
  });

  app.post(PAGE, (request, reply) => {
    const given = Decided.parse(request.body);
    const account = accountsOf(given.client_id).find((candidate) => candidate.openid === given.openid);
    const back = new URL(given.gourl);
    if (given.state) back.searchParams.set('state', given.state);
    if (!account || given.decision === 'deny') return reply.redirect(back.href, 303);
    const code = randomBytes(16).toString('hex');
    const expiresAt = world.clock.now() + CODE_LIFE_MS;
    stateOf(world).consents.push({ code, openid: account.openid, expiresAt });
    world.changed();
    tellGrant(world, account, 'authorize');
    back.searchParams.set('code', code);
    return reply.redirect(back.href, 303);
  });
}

const policyFor = (gourl: string): string =>
  `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${new URL(gourl).origin}; base-uri 'none'`;

function consentPage(asked: z.infer<typeof Asked>, accounts: BilibiliAccount[]): string {
  const choices = accounts.map(
    (account, at) =>
      html`<label><input type="radio" name="openid" value="${account.openid}" !${at === 0 ? 'checked' : ''} data-testid="consent-account" style="width:auto"> ${account.name}</label>`,
  );
  return html`<section class="card"><h1>授权应用使用你的账号</h1>
<p>应用 ${asked.client_id} 请求读取公开信息并管理专栏：</p>
<form method="post" action="/sandbox${PAGE}" data-testid="consent-form">
!${choices}
<input type="hidden" name="client_id" value="${asked.client_id}">
<input type="hidden" name="gourl" value="${asked.gourl}">
<input type="hidden" name="state" value="${asked.state}">
<button name="decision" value="allow" data-testid="consent-allow">授权</button>
<button class="plain" name="decision" value="deny" data-testid="consent-deny">拒绝</button></form></section>`;
}

/** `POST /x/account-oauth2/v1/token`; everything stands in the query. */
export function issueTokens(world: World, fields: Fields): unknown {
  const state = stateOf(world);
  if (required(fields, 'grant_type') !== 'authorization_code') throw new Refusal(127100);
  const code = required(fields, 'code');
  const consent = state.consents.find((candidate) => candidate.code === code);
  const account = consent && state.accounts[consent.openid];
  if (!account || consent.expiresAt <= world.clock.now()) throw new Refusal(122002);
  proveApplication(account, fields);
  state.consents = state.consents.filter((candidate) => candidate !== consent);
  return describePair(world, account, addPair(world, account));
}

/** `POST /x/account-oauth2/v1/refresh_token`: each works once, whatever becomes of the answer. */
export function renewTokens(world: World, fields: Fields): unknown {
  if (required(fields, 'grant_type') !== 'refresh_token') throw new Refusal(127100);
  const refresh = required(fields, 'refresh_token');
  for (const account of Object.values(stateOf(world).accounts)) {
    const pair = account.tokens.find((candidate) => candidate.refresh === refresh);
    if (!pair || pair.refreshUsed || pair.revoked) continue;
    proveApplication(account, fields);
    pair.refreshUsed = true;
    return describePair(world, account, addPair(world, account));
  }
  throw new Refusal(122007);
}

function proveApplication(account: BilibiliAccount, fields: Fields): void {
  if (fields.client_id !== account.appKey) throw new Refusal(122000);
  if (fields.client_secret !== account.appSecret) throw new Refusal(122001);
}

export function addPair(
  world: World,
  account: BilibiliAccount,
  given: { access?: string; refresh?: string } = {},
): TokenPair {
  const pair: TokenPair = {
    access: given.access ?? randomBytes(16).toString('hex'),
    refresh: given.refresh ?? randomBytes(16).toString('hex'),
    expiresAt: world.clock.now() + account.tokenLifeMs,
    refreshUsed: false,
    revoked: false,
  };
  account.tokens = [...account.tokens.filter((candidate) => candidate.access !== pair.access), pair];
  world.ledger.append({
    platform: PLATFORM,
    account: account.openid,
    kind: 'token.issued',
    key: pair.access.slice(0, 6),
    detail: {},
  });
  world.changed();
  return pair;
}

function describePair(world: World, account: BilibiliAccount, pair: TokenPair): unknown {
  const seconds = (ms: number) => Math.floor(ms / 1000);
  return {
    access_token: pair.access,
    refresh_token: pair.refresh,
    expires_in:
      account.expiresInAs === 'moment'
        ? seconds(pair.expiresAt)
        : seconds(pair.expiresAt - world.clock.now()),
    scopes: account.scopes,
  };
}
