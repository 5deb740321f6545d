import type { FastifyInstance, FastifyReply } from 'fastify';
import { html } from 'ghtml';
import { z } from 'zod';
import { sniffPicture } from '../core/media.ts';
import { sendPage } from '../core/page.ts';
import type { World } from '../core/world.ts';
import { accountPage, deletedPage, homePage, statusAddress, statusPage } from './pages.ts';
import { PLATFORM, personCalled, stateOf, statusById } from './state.ts';
import { writeReply } from './statuses.ts';

const ReplyForm = z.object({
  nickname: z.string().trim().min(1).max(30),
  content: z.string().trim().min(1).max(400),
  private: z.literal('1').optional(),
});
const Params = z.object({ key: z.string().default(''), id: z.string().default('') });

const home = { href: `/sandbox/${PLATFORM}/`, label: '长毛象（模拟）' };
const root = `/${PLATFORM}`;

const show = (reply: FastifyReply, title: string, body: string) => sendPage(reply, { title, home, body });
const missing = (reply: FastifyReply) =>
  sendPage(reply, { title: '没有找到', home, body: html`<h1>没有找到</h1>`, status: 404 });

export function registerPages(app: FastifyInstance, world: World): void {
  app.get(root, (_request, reply) => reply.redirect(`/sandbox/${PLATFORM}/`));
  app.get(`${root}/`, (_request, reply) => show(reply, '长毛象', homePage(world)));
  app.get(`${root}/media/:sha256`, (request, reply) => {
    const { sha256 } = z.object({ sha256: z.string() }).parse(request.params);
    const bytes = world.media.find(sha256);
    const mime = bytes && sniffPicture(bytes);
    if (!bytes || !mime) return reply.code(404).send();
    return reply.type(mime).header('x-content-type-options', 'nosniff').send(bytes);
  });
  app.get(`${root}/@:key`, (request, reply) => {
    const account = stateOf(world).accounts[Params.parse(request.params).key];
    return account ? show(reply, account.name, accountPage(world, account)) : missing(reply);
  });

  const find = (params: unknown) => {
    const { key, id } = Params.parse(params);
    const account = stateOf(world).accounts[key];
    const status = statusById(world, id);
    return account && status?.by === account.id ? { account, status } : null;
  };
  app.get(`${root}/@:key/:id`, (request, reply) => {
    const found = find(request.params);
    if (!found) {
      const { key, id } = Params.parse(request.params);
      const owner = stateOf(world).accounts[key];
      const isDeleted = owner && stateOf(world).deleted?.includes(id);
      return isDeleted ? show(reply, owner.name, deletedPage(owner)) : missing(reply);
    }
    const { account, status } = found;
    return show(reply, `${account.name}的嘟文`, statusPage(world, account, status));
  });
  app.post(`${root}/@:key/:id/acts`, (request, reply) => {
    const found = find(request.params);
    if (!found) return missing(reply);
    const { act } = z.object({ act: z.enum(['favourites', 'reblogs']) }).parse(request.body);
    found.status[act] = (found.status[act] ?? 0) + 1;
    world.changed();
    return reply.redirect(statusAddress(found.account, found.status), 303);
  });
  app.post(`${root}/@:key/:id/replies`, (request, reply) => {
    const found = find(request.params);
    if (!found) return missing(reply);
    const { account, status } = found;
    const form = ReplyForm.parse(request.body);
    writeReply(world, account, status, {
      person: personCalled(world, form.nickname),
      text: form.content,
      visibility: form.private ? 'direct' : 'public',
    });
    return reply.redirect(statusAddress(account, status), 303);
  });
}
