/** `PUT /sandbox/_control/kuaishou/accounts/:openId` makes an account; `…/events` lets the platform push. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { StandIn } from '../core/stand-in.ts';
import type { World } from '../core/world.ts';
import { registerPages } from './page-routes.ts';
import { tell } from './push.ts';
import { type KuaishouAccount, PLATFORM, stateOf } from './state.ts';

const SetUp = z.object({
  name: z.string().min(1),
  appId: z.string().default('ks_sandbox'),
  appSecret: z.string().default(''),
  push: z.object({ url: z.url() }).nullable().default(null),
});

/** Kuaishou as far as text and pictures go: people post by hand, the platform pushes events about grants. */
export const kuaishouStandIn: StandIn = {
  id: PLATFORM,
  label: { zh: '快手（模拟）', en: 'Kuaishou (stand-in)' },
  register(app, world) {
    registerSetUp(app, world);
    registerPages(app, world);
  },
};

function registerSetUp(app: FastifyInstance, world: World): void {
  const base = `/_control/${PLATFORM}/accounts/:openId`;
  const openIdOf = (params: unknown): string =>
    z.object({ openId: z.string().regex(/^[\w-]{1,64}$/) }).parse(params).openId;
  const find = (params: unknown): KuaishouAccount => {
    const account = stateOf(world).accounts[openIdOf(params)];
    if (!account) throw new RangeError('没有这个账号。There is no such account.');
    return account;
  };

  app.put(base, (request) => {
    const openId = openIdOf(request.params);
    const { accounts } = stateOf(world);
    accounts[openId] = { ...(accounts[openId] ?? { openId, works: [] }), ...SetUp.parse(request.body) };
    world.changed();
    return { openId };
  });
  app.get(base, (request) => find(request.params));
  app.post(`${base}/events`, async (request, reply) => {
    const { event } = z.object({ event: z.enum(['test', 'AUTHORIZE', 'UN_AUTHORIZE']) }).parse(request.body);
    tell(world, find(request.params), event);
    return reply.code(204).send();
  });
}
