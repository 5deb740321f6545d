/** `PUT /sandbox/_control/kuaishou/accounts/:openId` makes an account; `…/events` lets the platform push. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { World } from '../core/world.ts';
import { addPair } from './oauth.ts';
import { tell } from './push.ts';
import { type KuaishouAccount, PLATFORM, stateOf } from './state.ts';

const DAY_MS = 24 * 3_600_000;
const span = (ms: number) => z.int().min(0).default(ms);
const everyScope = [
  ...['user_info', 'user_base', 'user_video_publish', 'user_video_info', 'user_video_delete'],
];

const SetUp = z.object({
  name: z.string().min(1),
  appId: z.string().default('ks_sandbox'),
  appSecret: z.string().default(''),
  scopes: z.array(z.string()).default(everyScope),
  /** A pair that is valid from now on, so that nobody has to walk through the consent page. */
  accessToken: z.string().min(1).optional(),
  refreshToken: z.string().min(1).optional(),
  tokenLifeMs: span(2 * DAY_MS),
  refreshLifeMs: span(180 * DAY_MS),
  readyMs: span(0),
  reviewMs: span(2000),
  push: z.object({ url: z.url() }).nullable().default(null),
});
export type SetUpAccount = z.input<typeof SetUp>;

const emptyAccount = (openId: string) => ({ openId, works: [], tokens: [], uploads: {}, fans: 10 });

export function setUpAccount(world: World, openId: string, input: SetUpAccount): KuaishouAccount {
  const { accessToken, refreshToken, ...given } = SetUp.parse(input);
  const { accounts } = stateOf(world);
  const account = { ...emptyAccount(openId), ...accounts[openId], ...given };
  accounts[openId] = account;
  if (accessToken && refreshToken) addPair(world, account, { access: accessToken, refresh: refreshToken });
  world.changed();
  return account;
}

export function registerSetUp(app: FastifyInstance, world: World): void {
  const base = `/_control/${PLATFORM}/accounts/:openId`;
  const openIdOf = (params: unknown): string =>
    z.object({ openId: z.string().regex(/^[\w-]{1,64}$/) }).parse(params).openId;
  const find = (params: unknown): KuaishouAccount => {
    const account = stateOf(world).accounts[openIdOf(params)];
    if (!account) throw new RangeError('没有这个账号。There is no such account.');
    return account;
  };

  app.put(base, (request) => {
    const account = setUpAccount(world, openIdOf(request.params), request.body as SetUpAccount);
    return { openId: account.openId };
  });
  app.get(base, (request) => find(request.params));
  app.post(`${base}/events`, async (request, reply) => {
    const { event } = z.object({ event: z.enum(['test', 'AUTHORIZE', 'UN_AUTHORIZE']) }).parse(request.body);
    tell(world, find(request.params), event);
    return reply.code(204).send();
  });
  /** What a person does who withdraws the grant in the app. */
  app.post(`${base}/revoke-tokens`, async (request, reply) => {
    revokeGrant(world, find(request.params));
    return reply.code(204).send();
  });
}

export function revokeGrant(world: World, account: KuaishouAccount): void {
  for (const pair of account.tokens) pair.void = true;
  tell(world, account, 'UN_AUTHORIZE');
  world.changed();
}
