import type { FastifyInstance, FastifyReply } from 'fastify';
import { html } from 'ghtml';
import { z } from 'zod';
import { sniffPicture } from '../core/media.ts';
import { sendPage } from '../core/page.ts';
import type { World } from '../core/world.ts';
import { writeComment } from './comments.ts';
import { homePage, postAddress, postPage } from './pages.ts';
import { PLATFORM, postById, stateOf } from './state.ts';

const CommentForm = z.object({
  nickname: z.string().trim().min(1).max(30),
  content: z.string().trim().min(1).max(2000),
});

const home = { href: `/sandbox/${PLATFORM}/`, label: '单位网站（模拟）' };
const root = `/${PLATFORM}`;

const show = (reply: FastifyReply, title: string, body: string) => sendPage(reply, { title, home, body });
const missing = (reply: FastifyReply) =>
  sendPage(reply, { title: '没有找到', home, body: html`<h1>没有找到</h1>`, status: 404 });

export function registerPages(app: FastifyInstance, world: World): void {
  app.get(root, (_request, reply) => reply.redirect(`/sandbox/${PLATFORM}/`));
  app.get(`${root}/`, (_request, reply) => show(reply, stateOf(world).title, homePage(world)));
  app.get(`${root}/wp-content/uploads/:sha256/:name`, (request, reply) => {
    const { sha256 } = z.object({ sha256: z.string() }).parse(request.params);
    const bytes = world.media.find(sha256);
    const mime = bytes && sniffPicture(bytes);
    if (!bytes || !mime) return reply.code(404).send();
    return reply.type(mime).header('x-content-type-options', 'nosniff').send(bytes);
  });
  /** `/2026/11/22/<slug>/`, as the site's permalinks are. */
  app.get(`${root}/:year(^\\d{4}$)/:month(^\\d{2}$)/:day(^\\d{2}$)/:slug/`, (request, reply) => {
    const { slug } = z.object({ slug: z.string() }).parse(request.params);
    const post = stateOf(world).posts.find(
      (candidate) => candidate.slug === slug && candidate.status === 'publish',
    );
    return post ? show(reply, post.title, postPage(world, post)) : missing(reply);
  });
  app.post(`${root}/comments/:id`, (request, reply) => {
    const { id } = z.object({ id: z.coerce.number() }).parse(request.params);
    const post = postById(world, id);
    if (post?.status !== 'publish' || !post.commentsOpen) return missing(reply);
    writeComment(world, post, CommentForm.parse(request.body));
    return reply.redirect(postAddress(post), 303);
  });
}
