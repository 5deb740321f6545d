/** Granting access: the consent page, the exchange of its code, and what a token stands for. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { html } from 'ghtml';
import { z } from 'zod';
import { sendPage } from '../core/page.ts';
import type { World } from '../core/world.ts';
import { accountOfToken, type Fields, required } from './call.ts';
import { Refusal } from './refusal.ts';
import { PLATFORM, stateOf, type WeiboAccount } from './state.ts';

const CODE_LIFE_MS = 60_000;

const Asked = z.object({
  client_id: z.string().min(1),
  redirect_uri: z.url({ protocol: /^https?$/ }),
  response_type: z.literal('code').default('code'),
  state: z.string().default(''),
});
const Consent = Asked.extend({ uid: z.string(), decision: z.enum(['allow', 'deny']) });

export function registerConsent(app: FastifyInstance, world: World): void {
  const home = { href: `/sandbox/${PLATFORM}/`, label: '微博（模拟）' };
  const accountsOf = (appKey: string) =>
    Object.values(stateOf(world).accounts).filter((account) => account.appKey === appKey);

  app.route({
    method: 'GET',
    url: `/${PLATFORM}/oauth2/authorize`,
    // The form's answer leads back to the application, which the usual policy of the pages forbids.
    onSend: async (request, reply) => {
      const asked = Asked.safeParse(request.query);
      if (asked.success) reply.header('content-security-policy', policyFor(asked.data.redirect_uri));
    },
    handler: (request, reply) => {
      const asked = Asked.parse(request.query);
      const accounts = accountsOf(asked.client_id);
      const found = accounts.length > 0;
      const body = found ? consentPage(asked, accounts) : html`<h1>应用不存在</h1>`;
      return sendPage(reply, { title: '授权', home, body, status: found ? 200 : 400 });
    },
  });

  app.post(`/${PLATFORM}/oauth2/authorize`, (request, reply) => {
    const given = Consent.parse(request.body);
    const account = accountsOf(given.client_id).find((candidate) => candidate.uid === given.uid);
    const back = new URL(given.redirect_uri);
    if (given.state) back.searchParams.set('state', given.state);
    if (!account || given.decision === 'deny') {
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_code', '21330');
      return reply.redirect(back.href, 303);
    }
    const code = randomBytes(16).toString('hex');
    const expiresAt = world.clock.now() + CODE_LIFE_MS;
    stateOf(world).grants.push({ code, uid: account.uid, redirectUri: given.redirect_uri, expiresAt });
    world.changed();
    back.searchParams.set('code', code);
    return reply.redirect(back.href, 303);
  });
}

const policyFor = (redirectUri: string): string =>
  `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${new URL(redirectUri).origin}; base-uri 'none'`;

function consentPage(asked: z.infer<typeof Asked>, accounts: WeiboAccount[]): string {
  const choices = accounts.map(
    (account, at) =>
      html`<label><input type="radio" name="uid" value="${account.uid}" !${at === 0 ? 'checked' : ''} data-testid="consent-account" style="width:auto"> ${account.name}</label>`,
  );
  return html`<section class="card"><h1>授权应用访问你的微博</h1>
<p>应用 ${asked.client_id} 请求以下列账号发布微博、读取评论并回复：</p>
<form method="post" action="/sandbox/${PLATFORM}/oauth2/authorize" data-testid="consent-form">
!${choices}
<input type="hidden" name="client_id" value="${asked.client_id}">
<input type="hidden" name="redirect_uri" value="${asked.redirect_uri}">
<input type="hidden" name="state" value="${asked.state}">
<button name="decision" value="allow" data-testid="consent-allow">授权</button></form></section>`;
}

/** `POST /oauth2/access_token`; `expires_in` is a string, as documented. */
export function issueToken(world: World, fields: Fields): unknown {
  const state = stateOf(world);
  const now = world.clock.now();
  const grant = state.grants.find((candidate) => candidate.code === required(fields, 'code'));
  const account = grant && state.accounts[grant.uid];
  if (required(fields, 'grant_type') !== 'authorization_code') throw new Refusal(10008);
  if (!grant || !account || grant.expiresAt <= now) throw new Refusal(21325);
  if (required(fields, 'client_id') !== account.appKey) throw new Refusal(21324);
  if (required(fields, 'client_secret') !== account.appSecret) throw new Refusal(21324);
  if (required(fields, 'redirect_uri') !== grant.redirectUri) throw new Refusal(21322);
  state.grants = state.grants.filter((candidate) => candidate !== grant);
  const token = addToken(world, account, `2.00${randomBytes(14).toString('hex')}`);
  const seconds = String(Math.floor((token.expiresAt - now) / 1000));
  return { access_token: token.value, remind_in: seconds, expires_in: seconds, uid: account.uid };
}

/** `POST /oauth2/get_token_info` */
export function tokenInfo(world: World, fields: Fields): unknown {
  const account = accountOfToken(world, fields.access_token);
  const token = account.tokens.find((candidate) => candidate.value === fields.access_token)!;
  const now = world.clock.now();
  return {
    uid: Number(account.uid),
    appkey: account.appKey,
    scope: '',
    create_at: Math.floor((token.expiresAt - account.tokenLifeMs) / 1000),
    expire_in: Math.floor((token.expiresAt - now) / 1000),
  };
}

export function addToken(world: World, account: WeiboAccount, value: string) {
  const token = { value, expiresAt: world.clock.now() + account.tokenLifeMs, revoked: false };
  account.tokens = [...account.tokens.filter((candidate) => candidate.value !== value), token];
  world.ledger.append({
    platform: PLATFORM,
    account: account.uid,
    kind: 'token.issued',
    key: value.slice(0, 6),
    detail: {},
  });
  return token;
}
