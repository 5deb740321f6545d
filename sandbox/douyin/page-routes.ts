import type { FastifyInstance, FastifyReply } from 'fastify';
import { html } from 'ghtml';
import { z } from 'zod';
import { sniffPicture } from '../core/media.ts';
import { sendPage } from '../core/page.ts';
import type { World } from '../core/world.ts';
import { writeComment } from './comments.ts';
import { receiveMessage, setFollowing } from './messages.ts';
import {
  accountAddress,
  accountPage,
  chatAddress,
  chatPage,
  homePage,
  itemAddress,
  itemPage,
  scanPage,
} from './pages.ts';
import { openSchema, postFromApp } from './share.ts';
import { type DouyinAccount, type Item, PLATFORM, personCalled, stateOf } from './state.ts';

const nickname = z.string().trim().min(1).max(30);
const CommentForm = z.object({ nickname, content: z.string().trim().min(1).max(100) });
const MessageForm = z.object({ nickname, text: z.string().trim().min(1).max(500) });
const FollowForm = z.object({ nickname, to: z.enum(['follow', 'unfollow']) });
const Params = z.object({ openId: z.string().default(''), videoId: z.string().default('') });

const home = { href: `/sandbox/${PLATFORM}/`, label: '抖音（模拟）' };
const root = `/${PLATFORM}`;

const show = (reply: FastifyReply, title: string, body: string) => sendPage(reply, { title, home, body });
const missing = (reply: FastifyReply) =>
  sendPage(reply, { title: '没有找到', home, body: html`<h1>没有找到</h1>`, status: 404 });

export function registerPages(app: FastifyInstance, world: World): void {
  const accountsOf = (clientKey: string) =>
    Object.values(stateOf(world).accounts).filter((account) => account.clientKey === clientKey);
  app.get(root, (_request, reply) => reply.redirect(`/sandbox/${PLATFORM}/`));
  app.get(`${root}/`, (_request, reply) =>
    show(reply, '抖音', homePage(Object.values(stateOf(world).accounts))),
  );
  app.get(`${root}/user/:openId`, (request, reply) => {
    const account = accountOf(world, request.params);
    return account ? show(reply, account.name, accountPage(account)) : missing(reply);
  });
  app.get(`${root}/pictures/:sha256`, (request, reply) => {
    const { sha256 } = z.object({ sha256: z.string() }).parse(request.params);
    const bytes = world.media.find(sha256);
    const mime = bytes && sniffPicture(bytes);
    if (!bytes || !mime) return reply.code(404).send();
    return reply.type(mime).header('x-content-type-options', 'nosniff').send(bytes);
  });
  app.get(`${root}/scan`, (request, reply) => {
    const { schema } = z.object({ schema: z.string().default('') }).parse(request.query);
    const found = schema ? openSchema(world, schema) : null;
    const shown = !found || 'refusal' in found ? found : { ...found, accounts: accountsOf(found.clientKey) };
    return show(reply, '扫码发布', scanPage(schema, shown));
  });
  app.post(`${root}/scan`, (request, reply) => {
    const { schema, openId } = z.object({ schema: z.string(), openId: z.string() }).parse(request.body);
    const found = openSchema(world, schema);
    const account = stateOf(world).accounts[openId];
    if ('refusal' in found || account?.clientKey !== found.clientKey) return missing(reply);
    return reply.redirect(itemAddress(postFromApp(world, account, found)), 303);
  });
  registerItemPages(app, world);
  registerChatPages(app, world);
}

const accountOf = (world: World, params: unknown): DouyinAccount | undefined =>
  stateOf(world).accounts[Params.parse(params).openId];

function itemOf(world: World, params: unknown): { account: DouyinAccount; item: Item } | null {
  const { videoId } = Params.parse(params);
  for (const account of Object.values(stateOf(world).accounts)) {
    const item = account.items.find((candidate) => candidate.videoId === videoId);
    if (item) return { account, item };
  }
  return null;
}

function registerItemPages(app: FastifyInstance, world: World): void {
  const address = `${root}/share/video/:videoId`;
  app.get(address, (request, reply) => {
    const found = itemOf(world, request.params);
    if (!found) return missing(reply);
    if (found.item.review === 'passed') found.item.plays += 1;
    world.changed();
    return show(reply, `${found.account.name}的作品`, itemPage(found.account, found.item));
  });
  app.post(`${address}/comments`, (request, reply) => {
    const found = itemOf(world, request.params);
    if (!found) return missing(reply);
    writeComment(world, found.account, found.item, CommentForm.parse(request.body));
    return reply.redirect(itemAddress(found.item), 303);
  });
}

function registerChatPages(app: FastifyInstance, world: World): void {
  app.get(`${root}/user/:openId/chat`, (request, reply) => {
    const account = accountOf(world, request.params);
    if (!account) return missing(reply);
    const query = z.object({ nickname }).safeParse(request.query);
    if (!query.success) return reply.redirect(accountAddress(account), 303);
    return show(reply, account.name, chatPage(account, personCalled(account, query.data.nickname)));
  });
  app.post(`${root}/user/:openId/chat`, (request, reply) => {
    const account = accountOf(world, request.params);
    if (!account) return missing(reply);
    const form = MessageForm.parse(request.body);
    receiveMessage(world, account, personCalled(account, form.nickname), form.text);
    return reply.redirect(chatAddress(account, form.nickname), 303);
  });
  app.post(`${root}/user/:openId/following`, (request, reply) => {
    const account = accountOf(world, request.params);
    if (!account) return missing(reply);
    const form = FollowForm.parse(request.body);
    setFollowing(world, account, personCalled(account, form.nickname), form.to === 'follow');
    return reply.redirect(chatAddress(account, form.nickname), 303);
  });
}
