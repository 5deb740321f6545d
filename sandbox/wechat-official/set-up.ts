/** `PUT /sandbox/_control/wechat-official/accounts/:appid` makes an account or changes its settings. */
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { World } from '../core/world.ts';
import { setFigures } from './figures.ts';
import { personCalled, receiveMessage } from './messages.ts';
import { PLATFORM, stateOf, type WechatAccount } from './state.ts';

const SetUp = z.object({
  secret: z.string().min(1),
  name: z.string().min(1),
  kind: z.enum(['subscription', 'service']),
  verified: z.boolean().default(true),
  massProtection: z.boolean().default(false),
  waitingAnswerHasId: z.boolean().default(false),
  originalId: z
    .string()
    .regex(/^gh_[0-9a-z]+$/)
    .optional(),
  publishDelayMs: z.int().min(0).default(800),
  tokenLifeMs: z.int().min(1000).default(7_200_000),
  pageBase: z.url().nullable().default(null),
  figuresFrom: z.int().min(0).default(1),
  figuresDelayed: z.boolean().default(false),
  push: z
    .object({
      url: z.url(),
      token: z.string().min(3).max(32),
      encodingAESKey: z.string().length(43),
      mode: z.enum(['safe', 'plain', 'compat']).default('safe'),
      format: z.enum(['xml', 'json']).default('xml'),
    })
    .nullable()
    .default(null),
});
export type SetUpAccount = z.input<typeof SetUp>;

const Counted = z.object({
  msgDataId: z.string(),
  /** By the platform's calendar: `2026-11-20`. */
  day: z.iso.date(),
  figures: z
    .object({
      read: z.int().min(0),
      share: z.int().min(0),
      zaikan: z.int().min(0),
      like: z.int().min(0),
      collection: z.int().min(0),
    })
    .partial(),
});
const Message = z.object({ nickname: z.string().min(1), text: z.string().min(1) });

export function setUpAccount(world: World, appid: string, input: SetUpAccount): WechatAccount {
  const given = SetUp.parse(input);
  const { accounts } = stateOf(world);
  const originalId =
    given.originalId ?? `gh_${createHash('sha256').update(appid).digest('hex').slice(0, 12)}`;
  const account = { ...(accounts[appid] ?? emptyAccount(appid)), ...given, originalId };
  accounts[appid] = account;
  world.changed();
  return account;
}

function emptyAccount(appid: string) {
  return {
    appid,
    tokens: [],
    forced: { day: '', count: 0, lastAt: 0 },
    used: { day: '', calls: {} },
    ...{ pictures: {}, materials: {}, drafts: {}, publications: [], massSends: [] },
    ...{ commenting: {}, comments: [], people: {}, chat: [] },
  };
}

export function registerSetUp(app: FastifyInstance, world: World): void {
  const base = `/_control/${PLATFORM}/accounts/:appid`;
  const appidOf = (params: unknown): string => z.object({ appid: z.string().min(1) }).parse(params).appid;
  const find = (params: unknown): WechatAccount => {
    const account = stateOf(world).accounts[appidOf(params)];
    if (!account) throw new RangeError('没有这个公众号。There is no such account.');
    return account;
  };

  app.put(base, (request) => {
    const account = setUpAccount(world, appidOf(request.params), request.body as SetUpAccount);
    return { appid: account.appid, originalId: account.originalId };
  });
  app.get(base, (request) => find(request.params));
  /** Kills every token at once, as a changed secret does. */
  app.post(`${base}/expire-tokens`, (request) => {
    const account = find(request.params);
    for (const token of account.tokens) token.expiresAt = world.clock.now();
    world.changed();
    return { expired: account.tokens.length };
  });
  /** Readers of one day, without hundreds of visits of the page. */
  app.post(`${base}/figures`, (request) => {
    const { msgDataId, day, figures } = Counted.parse(request.body);
    world.changed();
    return setFigures(find(request.params), `${msgDataId}_1`, day, () => figures);
  });
  /** A person's private message without the page: for storms of pushes. */
  app.post(`${base}/messages`, (request) => {
    const account = find(request.params);
    const { nickname, text } = Message.parse(request.body);
    const person = personCalled(world, account, nickname);
    return { openid: person.openid, msgId: receiveMessage(world, account, person, text) };
  });
}
