import type { FastifyInstance, FastifyReply } from 'fastify';
import { html } from 'ghtml';
import { z } from 'zod';
import { readFileForm } from '../core/file-form.ts';
import { sniffPicture } from '../core/media.ts';
import { sendPage } from '../core/page.ts';
import type { World } from '../core/world.ts';
import { writeComment } from './comments.ts';
import { writeMention } from './mentions.ts';
import { receiveFile, receiveMessage, setFollowing } from './messages.ts';
import {
  accountAddress,
  accountPage,
  chatAddress,
  chatPage,
  deletedPage,
  homePage,
  postAddress,
  postPage,
} from './pages.ts';
import { PLATFORM, type Post, personCalled, stateOf, type WeiboAccount } from './state.ts';
import { addressOfId, expand } from './text.ts';

const nickname = z.string().trim().min(1).max(30);
const CommentForm = z.object({
  nickname,
  content: z.string().trim().min(1).max(140),
  authorised: z.literal('1').optional(),
});
const MessageForm = z.object({ nickname, text: z.string().trim().min(1).max(300) });
const FileForm = z.object({ nickname, kind: z.enum(['image', 'voice']) });
const FollowForm = z.object({ nickname, to: z.enum(['follow', 'unfollow']) });
const Act = z.object({ act: z.enum(['likes', 'reposts']) });
const MentionForm = z.object({
  nickname,
  content: z.string().trim().min(1).max(120),
  under: z.enum(['post', 'comment']),
});
const Params = z.object({ uid: z.string().default(''), post: z.string().default('') });

const home = { href: `/sandbox/${PLATFORM}/`, label: '微博（模拟）' };
const root = `/${PLATFORM}`;

const show = (reply: FastifyReply, title: string, body: string) => sendPage(reply, { title, home, body });
const missing = (reply: FastifyReply) =>
  sendPage(reply, { title: '没有找到', home, body: html`<h1>没有找到</h1>`, status: 404 });

export function registerPages(app: FastifyInstance, world: World): void {
  app.get(root, (_request, reply) => reply.redirect(`/sandbox/${PLATFORM}/`));
  app.get(`${root}/`, (_request, reply) =>
    show(reply, '微博', homePage(Object.values(stateOf(world).accounts))),
  );
  app.get(`${root}/u/:uid`, (request, reply) => {
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
  /** Where a t.cn link leads; the real one lies on a host of its own. */
  app.get(`${root}/t.cn/:code`, (request, reply) => {
    const { code } = z.object({ code: z.string() }).parse(request.params);
    const long = expand(world, `http://t.cn/${code}`);
    return long ? reply.redirect(long) : missing(reply);
  });
  registerPostPages(app, world);
  registerChatPages(app, world);
}

const accountOf = (world: World, params: unknown): WeiboAccount | undefined =>
  stateOf(world).accounts[Params.parse(params).uid];

function postOf(account: WeiboAccount | undefined, params: unknown): Post | undefined {
  const { post } = Params.parse(params);
  return account?.posts.find((candidate) => candidate.id === post || addressOfId(candidate.id) === post);
}

function registerPostPages(app: FastifyInstance, world: World): void {
  const address = `${root}/:uid(^\\d+$)/:post`;
  app.get(address, (request, reply) => {
    const account = accountOf(world, request.params);
    const post = postOf(account, request.params);
    if (!account || !post) return missing(reply);
    if (post.deleted) return show(reply, account.name, deletedPage(account));
    post.reads = (post.reads ?? 0) + 1;
    world.changed();
    return show(reply, `${account.name}的微博`, postPage(account, post));
  });
  app.post(`${address}/acts`, (request, reply) => {
    const account = accountOf(world, request.params);
    const post = postOf(account, request.params);
    if (!account || !post) return missing(reply);
    const { act } = Act.parse(request.body);
    post[act] = (post[act] ?? 0) + 1;
    world.changed();
    return reply.redirect(postAddress(account, post), 303);
  });
  app.post(`${address}/comments`, (request, reply) => {
    const account = accountOf(world, request.params);
    const post = postOf(account, request.params);
    if (!account || !post || post.deleted) return missing(reply);
    const { authorised, ...form } = CommentForm.parse(request.body);
    writeComment(world, account, post, { ...form, authorised: authorised === '1' });
    return reply.redirect(postAddress(account, post), 303);
  });
}

function registerChatPages(app: FastifyInstance, world: World): void {
  app.post(`${root}/u/:uid/mentions`, (request, reply) => {
    const account = accountOf(world, request.params);
    if (!account) return missing(reply);
    writeMention(world, account, MentionForm.parse(request.body));
    return reply.redirect(accountAddress(account), 303);
  });
  app.get(`${root}/u/:uid/chat`, (request, reply) => {
    const account = accountOf(world, request.params);
    if (!account) return missing(reply);
    const query = z.object({ nickname }).safeParse(request.query);
    if (!query.success) return reply.redirect(accountAddress(account), 303);
    return show(reply, account.name, chatPage(account, personCalled(account, query.data.nickname)));
  });
  app.post(`${root}/u/:uid/chat`, (request, reply) => {
    const account = accountOf(world, request.params);
    if (!account) return missing(reply);
    const form = MessageForm.parse(request.body);
    receiveMessage(world, account, personCalled(account, form.nickname), form.text);
    return reply.redirect(chatAddress(account, form.nickname), 303);
  });
  app.post(`${root}/u/:uid/files`, async (request, reply) => {
    const account = accountOf(world, request.params);
    const { fields, file } = await readFileForm(request);
    const form = FileForm.safeParse(fields);
    if (!account || !form.success || !file) return missing(reply);
    receiveFile(world, account, personCalled(account, form.data.nickname), form.data.kind, file);
    return reply.redirect(chatAddress(account, form.data.nickname), 303);
  });
  app.post(`${root}/u/:uid/following`, (request, reply) => {
    const account = accountOf(world, request.params);
    if (!account) return missing(reply);
    const form = FollowForm.parse(request.body);
    setFollowing(world, account, personCalled(account, form.nickname), form.to === 'follow');
    return reply.redirect(chatAddress(account, form.nickname), 303);
  });
}
