import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { html } from 'ghtml';
import { z } from 'zod';
import { sniffPicture } from '../core/media.ts';
import { sendPage } from '../core/page.ts';
import type { World } from '../core/world.ts';
import { accountPage, homePage, workAddress, workPage } from './pages.ts';
import { isPublic, type KuaishouAccount, newId, PLATFORM, stateOf, type Work } from './state.ts';

const root = `/${PLATFORM}`;
const home = { href: `/sandbox/${PLATFORM}/`, label: '快手（模拟）' };
const Caption = z.string().trim().min(1).max(500);

const show = (reply: FastifyReply, title: string, body: string) => sendPage(reply, { title, home, body });
const missing = (reply: FastifyReply) =>
  sendPage(reply, { title: '没有找到', home, body: html`<h1>没有找到</h1>`, status: 404 });

export function registerPages(app: FastifyInstance, world: World): void {
  const accounts = () => Object.values(stateOf(world).accounts);
  const accountOf = (params: unknown): KuaishouAccount | undefined =>
    stateOf(world).accounts[z.object({ openId: z.string() }).parse(params).openId];

  app.get(root, (_request, reply) => reply.redirect(`/sandbox/${PLATFORM}/`));
  app.get(`${root}/`, (_request, reply) => show(reply, '快手', homePage(accounts())));
  app.get(`${root}/profile/:openId`, (request, reply) => {
    const account = accountOf(request.params);
    return account ? show(reply, account.name, accountPage(account, world.clock.now())) : missing(reply);
  });
  app.post(`${root}/profile/:openId`, async (request, reply) => {
    const account = accountOf(request.params);
    if (!account) return missing(reply);
    const { caption, picture } = await readForm(request);
    if (!picture || !sniffPicture(picture)) throw new RangeError('请选择一张图片。Choose a picture.');
    const work = postByHand(world, account, Caption.parse(caption), picture);
    return reply.redirect(workAddress(work), 303);
  });
  app.get(`${root}/short-video/:photoId`, (request, reply) => {
    const { photoId } = z.object({ photoId: z.string() }).parse(request.params);
    for (const account of accounts()) {
      const work = account.works.find((candidate) => candidate.photoId === photoId);
      if (!work || !isPublic(work, world.clock.now())) continue;
      work.views += 1;
      world.changed();
      return show(reply, `${account.name}的作品`, workPage(account, work));
    }
    return missing(reply);
  });
  app.get(`${root}/pictures/:sha256`, (request, reply) => {
    const bytes = world.media.find(z.object({ sha256: z.string() }).parse(request.params).sha256);
    const mime = bytes && sniffPicture(bytes);
    if (!bytes || !mime) return reply.code(404).send();
    return reply.type(mime).header('x-content-type-options', 'nosniff').send(bytes);
  });
}

async function readForm(request: FastifyRequest): Promise<{ caption: string; picture: Buffer | null }> {
  let [caption, picture]: [string, Buffer | null] = ['', null];
  if (!request.isMultipart()) return { caption, picture };
  for await (const piece of request.parts()) {
    if (piece.type === 'file') picture = await piece.toBuffer();
    else if (piece.fieldname === 'caption') caption = String(piece.value);
  }
  return { caption, picture };
}

function postByHand(world: World, account: KuaishouAccount, caption: string, picture: Buffer): Work {
  const work = {
    photoId: newId(world, '3xsandbox'),
    caption,
    picture: world.media.keep(picture),
    videoBytes: null,
    at: world.clock.now(),
    reviewedAt: world.clock.now(),
    views: 0,
  };
  account.works.push(work);
  world.ledger.append({
    platform: PLATFORM,
    account: account.openId,
    kind: 'post.published',
    key: work.photoId,
    detail: { caption },
  });
  return work;
}
