/** `PUT /sandbox/_control/douyin/accounts/:openId` makes an account or changes its settings. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { World } from '../core/world.ts';
import { writeComment } from './comments.ts';
import { seedItem } from './items.ts';
import { receiveMessage } from './messages.ts';
import { addRefresh } from './oauth.ts';
import { pushEvent } from './push.ts';
import { type DouyinAccount, PLATFORM, personCalled, stateOf } from './state.ts';

const DAY_MS = 24 * 3_600_000;
const everyScope = [
  ...['user_info', 'renew_refresh_token', 'video.create.bind', 'video.data.bind', 'video.list.bind'],
  ...['item.comment', 'im', 'h5.share', 'jump.basic', 'data.external.user'],
];

const SetUp = z.object({
  clientKey: z.string().min(1),
  clientSecret: z.string().min(1),
  name: z.string().min(1),
  /** A refresh token that is valid from now on, so that nobody has to walk through the consent page. */
  refreshToken: z.string().min(1).optional(),
  scopes: z.array(z.string()).default(everyScope),
  tokenLifeMs: z
    .int()
    .min(1000)
    .default(15 * DAY_MS),
  refreshLifeMs: z
    .int()
    .min(1000)
    .default(30 * DAY_MS),
  renewLimit: z.int().min(0).default(5),
  reviewDelayMs: z.int().min(0).default(2000),
  stateFields: z.boolean().default(true),
  postsPerDay: z.int().min(0).default(75),
  errorCodeAs: z.enum(['number', 'string']).default('number'),
  push: z.object({ url: z.url() }).nullable().default(null),
  /** Texts of works that were there before. */
  earlier: z.array(z.string().min(1)).optional(),
});
export type SetUpAccount = z.input<typeof SetUp>;

const Message = z.object({ nickname: z.string().min(1), text: z.string().min(1) });
const Written = Message.extend({ itemId: z.string() });

export function setUpAccount(world: World, openId: string, input: SetUpAccount): DouyinAccount {
  const { refreshToken, earlier, ...given } = SetUp.parse(input);
  const { accounts } = stateOf(world);
  const account = { ...emptyAccount(openId), ...accounts[openId], ...given };
  accounts[openId] = account;
  if (refreshToken) addRefresh(world, account, refreshToken);
  for (const words of earlier ?? []) seedItem(world, account, words);
  world.changed();
  return account;
}

function emptyAccount(openId: string) {
  return {
    ...{ openId, access: [], refresh: [], images: {}, items: [], comments: [], people: {}, chat: [] },
    ...{ videos: {}, uploads: {}, fans: 3456 },
  };
}

export function registerSetUp(app: FastifyInstance, world: World): void {
  const base = `/_control/${PLATFORM}/accounts/:openId`;
  const openIdOf = (params: unknown): string =>
    z.object({ openId: z.string().regex(/^[\w-]{4,64}$/) }).parse(params).openId;
  const find = (params: unknown): DouyinAccount => {
    const account = stateOf(world).accounts[openIdOf(params)];
    if (!account) throw new RangeError('没有这个抖音账号。There is no such account.');
    return account;
  };

  app.put(base, (request) => {
    const account = setUpAccount(world, openIdOf(request.params), request.body as SetUpAccount);
    return { openId: account.openId, refreshToken: account.refresh.at(-1)?.value ?? null };
  });
  app.get(base, (request) => find(request.params));
  app.post(`${base}/expire-tokens`, (request) => {
    const account = find(request.params);
    for (const token of account.access) token.expiresAt = world.clock.now();
    world.changed();
    return { expired: account.access.length };
  });
  /** The check of the address to push to, as the platform's console makes it. */
  app.post(`${base}/check-webhook`, async (request, reply) => {
    const { challenge } = z.object({ challenge: z.int() }).parse(request.body);
    pushEvent(world, find(request.params), 'verify_webhook', '', { challenge }, '');
    return reply.code(204).send();
  });
  /** What a person does who withdraws the grant in the app. */
  app.post(`${base}/revoke-tokens`, (request) => ({ revoked: revokeGrant(world, find(request.params)) }));
  /** A person's private message or comment without the page: for storms. */
  app.post(`${base}/messages`, (request) => {
    const account = find(request.params);
    const { nickname, text } = Message.parse(request.body);
    return { msgId: receiveMessage(world, account, personCalled(account, nickname), text).msgId };
  });
  app.post(`${base}/comments`, (request) => {
    const account = find(request.params);
    const { itemId, nickname, text } = Written.parse(request.body);
    const item = account.items.find(({ id }) => id === itemId);
    if (!item) throw new RangeError('没有这个作品。There is no such work.');
    return { id: writeComment(world, account, item, { nickname, content: text }).id };
  });
}

export function revokeGrant(world: World, account: DouyinAccount): number {
  for (const token of [...account.access, ...account.refresh]) token.revoked = true;
  world.changed();
  pushEvent(world, account, 'unauthorize', account.openId, { scopes: account.scopes }, '');
  return account.access.length + account.refresh.length;
}
