/** `PUT /sandbox/_control/wordpress/accounts/:key` makes a user of the site or changes its settings; the key is its name. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { World } from '../core/world.ts';
import { writeComment } from './comments.ts';
import { newId, PLATFORM, postById, stateOf, type User } from './state.ts';

const SetUp = z.object({
  name: z.string().min(1),
  /** As the site shows it, blanks and all. */
  applicationPassword: z.string().min(8).optional(),
  role: z.enum(['administrator', 'editor', 'author', 'contributor', 'subscriber']).default('editor'),
  /** Of the whole site. */
  siteTitle: z.string().min(1).optional(),
  moderation: z.boolean().optional(),
  wrongPassword: z.enum(['nobody', 'refused']).optional(),
});
export type SetUpAccount = z.input<typeof SetUp>;

const Written = z.object({ postId: z.int(), nickname: z.string().min(1), text: z.string().min(1) });

export function setUpAccount(world: World, key: string, input: SetUpAccount): User {
  const { name, applicationPassword, role, siteTitle, moderation, wrongPassword } = SetUp.parse(input);
  const state = stateOf(world);
  const known = state.users[key] ?? { id: newId(world), username: key, passwords: [] };
  const passwords = applicationPassword ? [applicationPassword.replaceAll(' ', '')] : known.passwords;
  const user: User = { ...known, name, role, passwords };
  state.users[key] = user;
  state.title = siteTitle ?? state.title;
  state.moderation = moderation ?? state.moderation;
  state.wrongPassword = wrongPassword ?? state.wrongPassword;
  world.changed();
  return user;
}

export function registerSetUp(app: FastifyInstance, world: World): void {
  const base = `/_control/${PLATFORM}/accounts/:key`;
  const keyOf = (params: unknown): string =>
    z.object({ key: z.string().regex(/^[\w.@-]{1,60}$/) }).parse(params).key;
  const find = (params: unknown): User => {
    const user = stateOf(world).users[keyOf(params)];
    if (!user) throw new RangeError('没有这个用户。There is no such user.');
    return user;
  };

  app.put(base, (request) => {
    const user = setUpAccount(world, keyOf(request.params), request.body as SetUpAccount);
    return { id: user.id, username: user.username };
  });
  app.get(base, (request) => find(request.params));
  /** What an administrator does in the profile; application passwords do not run out by themselves. */
  app.post(`${base}/revoke-tokens`, (request) => {
    const user = find(request.params);
    const revoked = user.passwords.length;
    user.passwords = [];
    world.changed();
    return { revoked };
  });
  /** A reader's comment without the page: for storms. */
  app.post(`${base}/comments`, (request) => {
    find(request.params);
    const { postId, nickname, text } = Written.parse(request.body);
    const post = postById(world, postId);
    if (!post) throw new RangeError('没有这篇文章。There is no such post.');
    return { id: writeComment(world, post, { nickname, content: text }).id };
  });
}
