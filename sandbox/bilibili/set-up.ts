/** `PUT /sandbox/_control/bilibili/accounts/:openid` makes an account or changes its settings. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { World } from '../core/world.ts';
import { addPair } from './oauth.ts';
import { tellCheck, tellGrant } from './push.ts';
import { type BilibiliAccount, PLATFORM, stateOf } from './state.ts';

const SetUp = z.object({
  appKey: z.string().min(1),
  appSecret: z.string().min(1),
  name: z.string().min(1),
  /** A pair that is valid from now on, so that nobody has to walk through the consent page. */
  accessToken: z.string().min(1).optional(),
  refreshToken: z.string().min(1).optional(),
  scopes: z.array(z.string()).default(['USER_INFO', 'USER_DATA', 'ATC_BASE', 'ARC_BASE', 'ARC_DATA']),
  tokenLifeMs: z
    .int()
    .min(1000)
    .default(30 * 24 * 3_600_000),
  expiresInAs: z.enum(['moment', 'life']).default('moment'),
  listAs: z.enum(['articles', 'list']).default('articles'),
  reviewMs: z.int().min(0).nullable().default(60_000),
  push: z.object({ url: z.url() }).nullable().default(null),
});
export type SetUpAccount = z.input<typeof SetUp>;

export function setUpAccount(world: World, openid: string, input: SetUpAccount): BilibiliAccount {
  const { accessToken, refreshToken, ...given } = SetUp.parse(input);
  const { accounts } = stateOf(world);
  const account = { ...emptyAccount(openid), ...accounts[openid], ...given };
  accounts[openid] = account;
  if (accessToken && refreshToken) addPair(world, account, { access: accessToken, refresh: refreshToken });
  world.changed();
  return account;
}

const emptyAccount = (openid: string) => ({
  ...{ openid, tokens: [], articles: [], uploads: {}, videos: [], followers: 166 },
});

export function registerSetUp(app: FastifyInstance, world: World): void {
  const base = `/_control/${PLATFORM}/accounts/:openid`;
  const openidOf = (params: unknown): string =>
    z.object({ openid: z.string().regex(/^[\w-]{1,64}$/) }).parse(params).openid;
  const find = (params: unknown): BilibiliAccount => {
    const account = stateOf(world).accounts[openidOf(params)];
    if (!account) throw new RangeError('没有这个账号。There is no such account.');
    return account;
  };

  app.put(base, (request) => {
    const account = setUpAccount(world, openidOf(request.params), request.body as SetUpAccount);
    const pair = account.tokens.at(-1);
    return { openid: account.openid, accessToken: pair?.access ?? null, refreshToken: pair?.refresh ?? null };
  });
  app.get(base, (request) => find(request.params));
  app.post(`${base}/expire-tokens`, (request) => {
    const account = find(request.params);
    for (const pair of account.tokens) pair.expiresAt = world.clock.now();
    world.changed();
    return { expired: account.tokens.length };
  });
  /** The check of the address to push to, as the platform's console makes it. */
  app.post(`${base}/check-webhook`, async (request, reply) => {
    tellCheck(world, find(request.params), z.object({ data: z.int() }).parse(request.body).data);
    return reply.code(204).send();
  });
  /** What a person does who withdraws the grant on the platform. */
  app.post(`${base}/revoke-tokens`, (request) => {
    const account = find(request.params);
    for (const pair of account.tokens) pair.revoked = true;
    tellGrant(world, account, 'deauthorize');
    world.changed();
    return { revoked: account.tokens.length };
  });
}
