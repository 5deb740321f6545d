import type { FastifyInstance, FastifyReply } from 'fastify';
import { html } from 'ghtml';
import { z } from 'zod';
import { readFileForm } from '../core/file-form.ts';
import { sniffPicture } from '../core/media.ts';
import { sendPage } from '../core/page.ts';
import type { World } from '../core/world.ts';
import { writeComment } from './comments.ts';
import { countReader } from './figures.ts';
import { decideMassSend } from './mass.ts';
import { pressButton } from './menu.ts';
import { personCalled, receiveFile, receiveMessage, setSubscribed } from './messages.ts';
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
import { findPost, type Post, wasDeleted } from './posts.ts';
import { PLATFORM, stateOf, type WechatAccount } from './state.ts';

const nickname = z.string().trim().min(1).max(30);
const CommentForm = z.object({ nickname, content: z.string().trim().min(1).max(600) });
const MessageForm = z.object({ nickname, text: z.string().trim().min(1).max(600) });
const FileForm = z.object({ nickname, kind: z.enum(['image', 'voice', 'video']) });
const Decision = z.object({ decision: z.enum(['confirm', 'refuse']) });
const Subscription = z.object({ nickname, to: z.enum(['subscribe', 'unsubscribe']) });
const Act = z.object({ act: z.enum(['like', 'zaikan', 'share', 'collection']) });
const MenuForm = z.object({ nickname, button: z.string() });
const Params = z.object({ appid: z.string(), post: z.string().default(''), msgId: z.string().default('') });

const home = { href: `/sandbox/${PLATFORM}/`, label: '微信公众号（模拟）' };

export function registerPages(app: FastifyInstance, world: World): void {
  const root = `/${PLATFORM}`;
  const show = (reply: FastifyReply, title: string, body: string) => sendPage(reply, { title, home, body });
  const missing = (reply: FastifyReply) =>
    sendPage(reply, { title: '没有找到', home, body: html`<h1>没有找到</h1>`, status: 404 });
  const accountOf = (params: unknown): WechatAccount | undefined =>
    stateOf(world).accounts[Params.parse(params).appid];

  app.get(root, (_request, reply) => reply.redirect(`/sandbox/${PLATFORM}/`));
  app.get(`${root}/`, (_request, reply) =>
    show(reply, '公众号', homePage(Object.values(stateOf(world).accounts))),
  );
  app.get(`${root}/pictures/:sha256`, (request, reply) => sendPicture(world, request.params, reply));
  app.get(`${root}/films/:sha256`, (request, reply) => {
    const bytes = world.media.find(z.object({ sha256: z.string() }).parse(request.params).sha256);
    return bytes
      ? reply.type('video/mp4').header('x-content-type-options', 'nosniff').send(bytes)
      : missing(reply);
  });
  app.get(`${root}/a/:appid`, (request, reply) => {
    const account = accountOf(request.params);
    return account ? show(reply, account.name, accountPage(account)) : missing(reply);
  });
  registerPostPages(app, world, { accountOf, show, missing });
  registerChatPages(app, world, { accountOf, show, missing });
  app.post(`${root}/a/:appid/mass/:msgId`, (request, reply) => {
    const account = accountOf(request.params);
    if (!account) return missing(reply);
    const confirmed = Decision.parse(request.body).decision === 'confirm';
    decideMassSend(world, account, Params.parse(request.params).msgId, confirmed);
    return reply.redirect(accountAddress(account), 303);
  });
}

type Showing = {
  accountOf(params: unknown): WechatAccount | undefined;
  show(reply: FastifyReply, title: string, body: string): FastifyReply;
  missing(reply: FastifyReply): FastifyReply;
};

function registerPostPages(app: FastifyInstance, world: World, { accountOf, show, missing }: Showing): void {
  const postOf = (account: WechatAccount, params: unknown): Post | undefined => {
    const [msgDataId = '', index = '0'] = Params.parse(params).post.split('-');
    return findPost(account, msgDataId, Number(index));
  };
  app.get(`/${PLATFORM}/a/:appid/posts/:post`, (request, reply) => {
    const account = accountOf(request.params);
    if (!account) return missing(reply);
    const [msgDataId = ''] = Params.parse(request.params).post.split('-');
    if (wasDeleted(account, msgDataId)) return show(reply, account.name, deletedPage(account));
    const post = postOf(account, request.params);
    return post ? showPost(reply, account, post) : missing(reply);
  });
  app.post(`/${PLATFORM}/a/:appid/posts/:post/acts`, (request, reply) => {
    const account = accountOf(request.params);
    const post = account && postOf(account, request.params);
    if (!account || !post) return missing(reply);
    countReader(world, account, post, Act.parse(request.body).act);
    return reply.redirect(postAddress(account, post), 303);
  });
  app.post(`/${PLATFORM}/a/:appid/posts/:post/comments`, (request, reply) => {
    const account = accountOf(request.params);
    const post = account && postOf(account, request.params);
    if (!account || !post || !account.commenting[`${post.msgDataId}-${post.index}`]) return missing(reply);
    const form = CommentForm.parse(request.body);
    const { openid } = personCalled(world, account, form.nickname);
    writeComment(world, account, { msgDataId: post.msgDataId, index: post.index, openid, ...form });
    return reply.redirect(postAddress(account, post), 303);
  });
  // The two forms of article address that the platform hands out.
  app.get(`/${PLATFORM}/s`, (request, reply) => {
    const { mid, idx } = z
      .object({ mid: z.string(), idx: z.coerce.number().default(1) })
      .parse(request.query);
    return goTo(reply, mid, idx);
  });
  app.get(`/${PLATFORM}/s/:articleId`, (request, reply) => {
    const { articleId } = z.object({ articleId: z.string() }).parse(request.params);
    const { idx } = z.object({ idx: z.coerce.number().default(1) }).parse(request.query);
    const out = Object.values(stateOf(world).accounts)
      .flatMap((account) => account.publications)
      .find((publication) => publication.articleId === articleId);
    return goTo(reply, out?.msgDataId ?? '', idx);
  });

  function goTo(reply: FastifyReply, msgDataId: string, idx: number): FastifyReply {
    for (const account of Object.values(stateOf(world).accounts)) {
      if (wasDeleted(account, msgDataId)) return show(reply, account.name, deletedPage(account));
      const post = findPost(account, msgDataId, idx - 1);
      if (post) return showPost(reply, account, post);
    }
    return missing(reply);
  }

  /** Whoever opens an article is a reader of that day. */
  function showPost(reply: FastifyReply, account: WechatAccount, post: Post): FastifyReply {
    countReader(world, account, post, 'read');
    return show(reply, post.article.title, postPage(account, post));
  }
}

function registerChatPages(app: FastifyInstance, world: World, { accountOf, show, missing }: Showing): void {
  app.get(`/${PLATFORM}/a/:appid/chat`, (request, reply) => {
    const account = accountOf(request.params);
    if (!account) return missing(reply);
    const query = z.object({ nickname }).safeParse(request.query);
    if (!query.success) return reply.redirect(accountAddress(account), 303);
    return show(reply, account.name, chatPage(account, personCalled(world, account, query.data.nickname)));
  });
  app.post(`/${PLATFORM}/a/:appid/chat`, (request, reply) => {
    const account = accountOf(request.params);
    if (!account) return missing(reply);
    const form = MessageForm.parse(request.body);
    receiveMessage(world, account, personCalled(world, account, form.nickname), form.text);
    return reply.redirect(chatAddress(account, form.nickname), 303);
  });
  app.post(`/${PLATFORM}/a/:appid/files`, async (request, reply) => {
    const account = accountOf(request.params);
    const { fields, file } = await readFileForm(request);
    const form = FileForm.safeParse(fields);
    if (!account || !form.success || !file) return missing(reply);
    receiveFile(world, account, personCalled(world, account, form.data.nickname), form.data.kind, file);
    return reply.redirect(chatAddress(account, form.data.nickname), 303);
  });
  app.post(`/${PLATFORM}/a/:appid/menu`, (request, reply) => {
    const account = accountOf(request.params);
    if (!account) return missing(reply);
    const form = MenuForm.parse(request.body);
    const link = pressButton(world, account, personCalled(world, account, form.nickname), form.button);
    return reply.redirect(link ?? chatAddress(account, form.nickname), 303);
  });
  app.post(`/${PLATFORM}/a/:appid/subscription`, (request, reply) => {
    const account = accountOf(request.params);
    if (!account) return missing(reply);
    const form = Subscription.parse(request.body);
    setSubscribed(world, account, personCalled(world, account, form.nickname), form.to === 'subscribe');
    return reply.redirect(chatAddress(account, form.nickname), 303);
  });
}

function sendPicture(world: World, params: unknown, reply: FastifyReply): FastifyReply {
  const { sha256 } = z.object({ sha256: z.string() }).parse(params);
  const bytes = world.media.find(sha256);
  const mime = bytes && sniffPicture(bytes);
  if (!bytes || !mime) return reply.code(404).send();
  return reply
    .type(mime)
    .header('cache-control', 'public, max-age=31536000, immutable')
    .header('x-content-type-options', 'nosniff')
    .send(bytes);
}
