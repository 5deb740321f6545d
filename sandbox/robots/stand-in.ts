/**
 * Group robots of three office platforms. A robot exists once `PUT /_control/<id>/robots/<key>` made it; what it takes is
 * shown on `/<id>/` as the group would show it, and is in the ledger.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { html } from 'ghtml';
import { z } from 'zod';
import { answer } from '../core/answer.ts';
import { formatWhen, sendPage } from '../core/page.ts';
import type { StandIn } from '../core/stand-in.ts';
import type { World } from '../core/world.ts';
import { type Dialect, dialects } from './dialects.ts';

type Group = { secret: string; perMinute: number; sent: { at: number; text: string }[]; silentUntil: number };
type State = { groups: Record<string, Group> };

const SetUp = z.object({ secret: z.string().default(''), perMinute: z.int().positive().default(20) });
const stateOf = (world: World, id: string) => world.state<State>(id, { groups: {} });

export const robotStandIns: readonly StandIn[] = dialects.map((dialect) => ({
  id: dialect.id,
  label: dialect.label,
  register(app, world) {
    registerSetUp(app, world, dialect);
    registerPage(app, world, dialect);
    app.post(`/${dialect.id}${dialect.path}`, (request, reply) =>
      answer(world, dialect.id, request.url, request, reply, () => ({ json: take(world, dialect, request) })),
    );
  },
}));

function take(world: World, dialect: Dialect, request: FastifyRequest): unknown {
  const { key, refusal, text } = dialect.read(request);
  const group = stateOf(world, dialect.id).groups[key];
  const now = world.clock.now();
  if (!group) return dialect.say('unknown-key');
  if (refusal(group.secret, now)) return dialect.say('bad-signature');
  if (!text) return dialect.say('bad-body');
  const lastMinute = group.sent.filter(({ at }) => at > now - 60_000);
  if (now < group.silentUntil || lastMinute.length >= group.perMinute) {
    // Too fast is punished with silence, where the platform does so.
    if (now >= group.silentUntil) group.silentUntil = now + dialect.silenceMs;
    world.changed();
    return dialect.say('too-fast');
  }
  group.sent.push({ at: now, text });
  world.ledger.append({
    platform: dialect.id,
    account: key,
    kind: 'message.sent',
    key: String(group.sent.length),
    detail: { text },
  });
  return dialect.say('ok');
}

function registerSetUp(app: FastifyInstance, world: World, { id }: Dialect): void {
  app.put(`/_control/${id}/robots/:key`, (request) => {
    const { key } = z.object({ key: z.string().regex(/^[\w-]{8,80}$/) }).parse(request.params);
    const { groups } = stateOf(world, id);
    groups[key] = { sent: [], silentUntil: 0, ...groups[key], ...SetUp.parse(request.body ?? {}) };
    world.changed();
    return { key };
  });
}

function registerPage(app: FastifyInstance, world: World, { id, label }: Dialect): void {
  app.get(`/${id}`, (_request, reply) => reply.redirect(`/sandbox/${id}/`));
  app.get(`/${id}/`, (_request, reply) => {
    const lines = Object.values(stateOf(world, id).groups)
      .flatMap((group) => group.sent)
      .toSorted((a, b) => b.at - a.at)
      .map(
        ({ at, text }) =>
          html`<div class="bubble" data-testid="robot-message">${text}</div><div class="soft">${formatWhen(at)}</div>`,
      );
    const body = html`<h1>${label.zh}</h1>!${lines.length > 0 ? lines : [html`<p class="card">还没有消息。</p>`]}`;
    return sendPage(reply, { title: label.zh, home: { href: `/sandbox/${id}/`, label: label.zh }, body });
  });
}
