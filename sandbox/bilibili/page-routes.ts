import type { FastifyInstance, FastifyReply } from 'fastify';
import { html } from 'ghtml';
import { z } from 'zod';
import { sniffPicture } from '../core/media.ts';
import { sendPage } from '../core/page.ts';
import type { World } from '../core/world.ts';
import { reviewArticle } from './articles.ts';
import { articlePage, homePage, reviewAddress, reviewPage, spacePage, videoPage } from './pages.ts';
import { type BilibiliAccount, PLATFORM, stateOf } from './state.ts';
import { reviewVideo } from './videos.ts';

const root = `/${PLATFORM}`;
const home = { href: `/sandbox/${PLATFORM}/`, label: '哔哩哔哩（模拟）' };
const Verdict = z.object({
  id: z.string().regex(/^(?:\d+|BV\w+)$/),
  verdict: z.enum(['pass', 'refuse']),
  reason: z.string().trim().max(100).default(''),
});

const show = (reply: FastifyReply, title: string, body: string) => sendPage(reply, { title, home, body });
const missing = (reply: FastifyReply) =>
  sendPage(reply, { title: '没有找到', home, body: html`<h1>没有找到</h1>`, status: 404 });

export function registerPages(app: FastifyInstance, world: World): void {
  const accounts = () => Object.values(stateOf(world).accounts);
  const accountOf = (params: unknown): BilibiliAccount | undefined =>
    stateOf(world).accounts[z.object({ openid: z.string() }).parse(params).openid];

  app.get(root, (_request, reply) => reply.redirect(`/sandbox/${PLATFORM}/`));
  app.get(`${root}/`, (_request, reply) => show(reply, '哔哩哔哩', homePage(accounts())));
  app.get(`${root}/space/:openid`, (request, reply) => {
    const account = accountOf(request.params);
    return account ? show(reply, account.name, spacePage(account)) : missing(reply);
  });
  /** Nobody sees an article before it passed the review. */
  app.get(`${root}/read/:cv(^cv\\d+$)`, (request, reply) => {
    const id = Number(z.object({ cv: z.string() }).parse(request.params).cv.slice(2));
    for (const account of accounts()) {
      const article = account.articles.find((candidate) => candidate.id === id);
      if (article?.state === 'passed') return show(reply, article.title, articlePage(account, article));
    }
    return missing(reply);
  });
  app.get(`${root}/video/:bvid`, (request, reply) => {
    const { bvid } = z.object({ bvid: z.string() }).parse(request.params);
    for (const account of accounts()) {
      const video = account.videos.find((candidate) => candidate.bvid === bvid);
      if (video?.state !== 'passed') continue;
      video.views += 1;
      world.changed();
      return show(reply, video.title, videoPage(account, video));
    }
    return missing(reply);
  });
  app.get(`${root}/bfs/:sha256`, (request, reply) => {
    const bytes = world.media.find(z.object({ sha256: z.string() }).parse(request.params).sha256);
    const mime = bytes && sniffPicture(bytes);
    if (!bytes || !mime) return reply.code(404).send();
    return reply.type(mime).header('x-content-type-options', 'nosniff').send(bytes);
  });
  app.get(`${root}/review/:openid`, (request, reply) => {
    const account = accountOf(request.params);
    return account ? show(reply, '审核台', reviewPage(account)) : missing(reply);
  });
  app.post(`${root}/review/:openid`, (request, reply) => {
    const account = accountOf(request.params);
    if (!account) return missing(reply);
    const { id, verdict, reason } = Verdict.parse(request.body);
    const decision = verdict === 'pass' ? ({ passed: true } as const) : { passed: false as const, reason };
    if (id.startsWith('BV')) reviewVideo(world, account.openid, id, decision);
    else reviewArticle(world, account.openid, Number(id), decision);
    return reply.redirect(reviewAddress(account), 303);
  });
}
