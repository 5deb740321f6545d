/** What tests and the seed use to set the scene; never part of a platform. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ArmFault } from './faults.ts';
import { PushBehaviour } from './pushes.ts';
import type { World } from './world.ts';

const LedgerQuery = z.object({
  platform: z.string().optional(),
  kind: z.string().optional(),
  account: z.string().optional(),
});
const ClockBody = z.object({ advanceMs: z.number().min(0) });
const BehaviourBody = PushBehaviour.extend({ platform: z.string().min(1) });

export function registerControl(app: FastifyInstance, world: World): void {
  app.addHook('onRequest', async (request, reply) => {
    // The pages may be shown through the product's own server; whoever comes through a proxy is the public, and
    // a page in somebody's browser is not the one who scripts the tests.
    if (!request.routeOptions.url?.startsWith('/sandbox/_control')) return;
    const { forwarded, 'x-forwarded-for': via, origin } = request.headers;
    if (forwarded === undefined && via === undefined && origin === undefined) return;
    return reply
      .code(403)
      .send({ error: '控制接口只供本机使用。The control interface is for this machine only.' });
  });

  app.post('/_control/faults', (request) => world.faults.arm(ArmFault.parse(request.body)));
  app.get('/_control/faults', () => world.faults.list());
  app.delete('/_control/faults', async (_request, reply) => {
    world.faults.clear();
    return reply.code(204).send();
  });

  app.get('/_control/ledger', (request) => world.ledger.list(LedgerQuery.parse(request.query)));

  app.get('/_control/clock', () => ({ now: new Date(world.clock.now()).toISOString() }));
  app.post('/_control/clock', (request) => {
    world.clock.advance(ClockBody.parse(request.body).advanceMs);
    return { now: new Date(world.clock.now()).toISOString() };
  });

  app.get('/_control/pushes', (request) =>
    world.pushes.list(z.object({ platform: z.string().optional() }).parse(request.query).platform),
  );
  app.put('/_control/pushes/behaviour', (request) => {
    const { platform, ...behaviour } = BehaviourBody.parse(request.body);
    return world.pushes.behave(platform, behaviour);
  });
  app.post('/_control/pushes/release', async (_request, reply) => {
    world.pushes.release();
    return reply.code(204).send();
  });
  app.post('/_control/pushes/:seq/replay', (request) =>
    world.pushes.replay(z.object({ seq: z.coerce.number() }).parse(request.params).seq),
  );

  app.post('/_control/reset', async (_request, reply) => {
    world.reset();
    return reply.code(204).send();
  });
}
