/** `PUT /sandbox/_control/mastodon/accounts/:key` makes an account or changes its settings; the key is its user name. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { World } from '../core/world.ts';
import {
  defaultLimits,
  type MastodonAccount,
  newId,
  PLATFORM,
  personCalled,
  stateOf,
  statusById,
} from './state.ts';
import { writeReply } from './statuses.ts';

const SetUp = z.object({
  name: z.string().min(1),
  token: z.string().min(1).optional(),
  scopes: z.array(z.enum(['read', 'write'])).default(['read', 'write']),
  callsPerWindow: z.int().min(0).default(300),
  pictureDelayMs: z.int().min(0).default(0),
  timelineDelayMs: z.int().min(0).default(0),
  /** Of the whole instance. */
  limits: z
    .object({
      characters: z.int().positive(),
      charactersPerLink: z.int().positive(),
      pictures: z.int().min(0),
      pictureBytes: z.int().positive(),
    })
    .partial()
    .optional(),
});
export type SetUpAccount = z.input<typeof SetUp>;

const Written = z.object({
  statusId: z.string(),
  nickname: z.string().min(1),
  text: z.string().min(1),
  visibility: z.enum(['public', 'unlisted', 'private', 'direct']).default('public'),
});

export function setUpAccount(world: World, key: string, input: SetUpAccount): MastodonAccount {
  const { token, scopes, limits, ...given } = SetUp.parse(input);
  const state = stateOf(world);
  const fresh = () => ({ key, id: newId(world), tokens: [], used: { window: 0, calls: 0 }, remembered: {} });
  const account: MastodonAccount = { ...(state.accounts[key] ?? fresh()), ...given };
  if (token) {
    const others = account.tokens.filter((candidate) => candidate.value !== token);
    account.tokens = [...others, { value: token, revoked: false, scopes }];
  }
  state.accounts[key] = account;
  if (limits) state.limits = { ...defaultLimits, ...limits };
  world.changed();
  return account;
}

export function registerSetUp(app: FastifyInstance, world: World): void {
  const base = `/_control/${PLATFORM}/accounts/:key`;
  const keyOf = (params: unknown): string =>
    z.object({ key: z.string().regex(/^\w(?:[\w.-]*\w)?$/) }).parse(params).key;
  const find = (params: unknown): MastodonAccount => {
    const account = stateOf(world).accounts[keyOf(params)];
    if (!account) throw new RangeError('没有这个账号。There is no such account.');
    return account;
  };

  app.put(base, (request) => {
    const account = setUpAccount(world, keyOf(request.params), request.body as SetUpAccount);
    return { id: account.id, username: account.key };
  });
  app.get(base, (request) => find(request.params));
  /** What a person does under "authorized applications"; tokens of this platform do not run out by themselves. */
  app.post(`${base}/revoke-tokens`, (request) => {
    const account = find(request.params);
    for (const token of account.tokens) token.revoked = true;
    world.changed();
    return { revoked: account.tokens.length };
  });
  /** A person's reply without the page: for storms. */
  app.post(`${base}/replies`, (request) => {
    const account = find(request.params);
    const { statusId, nickname, text, visibility } = Written.parse(request.body);
    const target = statusById(world, statusId);
    if (!target) throw new RangeError('没有这条嘟文。There is no such status.');
    const reply = writeReply(world, account, target, {
      person: personCalled(world, nickname),
      text,
      visibility,
    });
    return { id: reply.id };
  });
}
