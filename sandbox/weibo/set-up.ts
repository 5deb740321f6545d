/** `PUT /sandbox/_control/weibo/accounts/:uid` makes an account or changes its settings. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { World } from '../core/world.ts';
import { writeComment } from './comments.ts';
import { receiveMessage } from './messages.ts';
import { addToken } from './oauth.ts';
import { PLATFORM, personCalled, stateOf, type WeiboAccount } from './state.ts';

const SetUp = z.object({
  appKey: z.string().min(1),
  appSecret: z.string().min(1),
  name: z.string().min(1),
  /** Host name without port: `example.gov.cn`. */
  boundDomain: z.string().min(1),
  /** A token that is valid from now on, so that nobody has to walk through the consent page. */
  token: z.string().min(1).optional(),
  tokenLifeMs: z
    .int()
    .min(1000)
    .default(30 * 24 * 3_600_000),
  limits: z
    .object({ callsPerDay: z.int().min(0).default(100), postsPerHour: z.int().min(0).default(30) })
    .default({ callsPerDay: 100, postsPerHour: 30 }),
  timelineLinks: z.enum(['short', 'long']).default('short'),
  expandAllowed: z.boolean().default(true),
  commentScope: z.enum(['all', 'authorised']).default('all'),
  errorCodeAs: z.enum(['number', 'string']).default('number'),
  business: z.boolean().default(false),
  mediaReads: z.boolean().default(false),
  push: z.object({ url: z.url() }).nullable().default(null),
});
export type SetUpAccount = z.input<typeof SetUp>;

const Message = z.object({ nickname: z.string().min(1), text: z.string().min(1) });
const Written = z.object({
  postId: z.string(),
  nickname: z.string().min(1),
  text: z.string().min(1),
  authorised: z.boolean().default(false),
});

export function setUpAccount(world: World, uid: string, input: SetUpAccount): WeiboAccount {
  const { token, ...given } = SetUp.parse(input);
  const { accounts } = stateOf(world);
  const account = { ...(accounts[uid] ?? emptyAccount(uid)), ...given };
  accounts[uid] = account;
  if (token) addToken(world, account, token);
  world.changed();
  return account;
}

function emptyAccount(uid: string) {
  return { uid, tokens: [], used: { day: '', calls: 0 }, posts: [], comments: [], people: {}, chat: [] };
}

export function registerSetUp(app: FastifyInstance, world: World): void {
  const base = `/_control/${PLATFORM}/accounts/:uid`;
  const uidOf = (params: unknown): string =>
    z.object({ uid: z.string().regex(/^\d{1,16}$/) }).parse(params).uid;
  const find = (params: unknown): WeiboAccount => {
    const account = stateOf(world).accounts[uidOf(params)];
    if (!account) throw new RangeError('没有这个微博账号。There is no such account.');
    return account;
  };

  app.put(base, (request) => {
    const account = setUpAccount(world, uidOf(request.params), request.body as SetUpAccount);
    return { uid: account.uid, token: account.tokens.at(-1)?.value ?? null };
  });
  app.get(base, (request) => find(request.params));
  app.post(`${base}/expire-tokens`, (request) => {
    const account = find(request.params);
    for (const token of account.tokens) token.expiresAt = world.clock.now();
    world.changed();
    return { expired: account.tokens.length };
  });
  /** What a changed password or a withdrawn grant does. */
  app.post(`${base}/revoke-tokens`, (request) => {
    const account = find(request.params);
    for (const token of account.tokens) token.revoked = true;
    world.changed();
    return { revoked: account.tokens.length };
  });
  /** A person's private message or comment without the page: for storms. */
  app.post(`${base}/messages`, (request) => {
    const account = find(request.params);
    const { nickname, text } = Message.parse(request.body);
    const person = personCalled(account, nickname);
    receiveMessage(world, account, person, text);
    return { uid: person.uid };
  });
  app.post(`${base}/comments`, (request) => {
    const account = find(request.params);
    const { postId, nickname, text, authorised } = Written.parse(request.body);
    const post = account.posts.find((candidate) => candidate.id === postId);
    if (!post) throw new RangeError('没有这条微博。There is no such post.');
    const comment = writeComment(world, account, post, { nickname, content: text, authorised });
    return { id: comment.id };
  });
}
