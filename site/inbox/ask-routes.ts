import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createProof } from '#server/base/guard/proof.ts';
import { newId } from '#server/base/ids.ts';
import { findNumbers } from '#server/base/text/personal-data.ts';
import { askLimits, demandLength, mayLookFor, readLevels, submitAsk } from '#server/modules/inbox/index.ts';
import { dayWords } from '../dates.ts';
import { localPath } from '../display/display-routes.ts';
import type { SiteContext } from '../site-context.ts';
import type { Frame, Site } from '../site-frame.ts';
import {
  nothingTyped,
  type Problem,
  receiptPath,
  renderAsk,
  renderDetails,
  renderReceived,
  type Typed,
} from './ask-page.ts';
import { answerPrivately, answerTyped, leadTo, onEverySite, problemOf } from './bureau-routes.ts';
import { type FormBody, readForm, takeForms, takeUploads, withUploads } from './form-body.ts';
import { findMatches } from './match.ts';
import { keepReceipt, keepsCookies, offerCookie } from './receipt-cookie.ts';

const keyPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const uploads = { files: askLimits.pictures, fileBytes: askLimits.pictureBytes };

export async function askRoutes(server: FastifyInstance, context: SiteContext): Promise<void> {
  takeForms(server);
  await takeUploads(server);
  const { app } = context;

  onEverySite(server, context, 'GET', '/ask', async ({ site, request, reply }) => {
    const { page } = request.query as { page?: unknown };
    const typed = { ...nothingTyped, page: readPage(page) };
    offerCookie(app, site, reply);
    const levels = await readLevels(app, site.bureauId);
    return answerPrivately(context, reply, renderAsk(context.frame(site, request), typed, levels));
  });

  onEverySite(server, context, 'POST', '/ask/check', async ({ site, request, reply }) => {
    const typed = readTyped(readForm(request));
    const frame = context.frame(site, request);
    try {
      demandLength(typed.text);
    } catch (error) {
      const { problem, status } = problemOf(error);
      const levels = await readLevels(app, site.bureauId);
      return answerTyped(context, reply, renderAsk(frame, typed, levels, problem), status);
    }
    offerCookie(app, site, reply);
    const looks = await mayLookFor(app, request.ip);
    return answerTyped(context, reply, await details(context, frame, site, typed, { key: newId(), looks }));
  });

  onEverySite(server, context, 'POST', '/ask/send', async ({ site, request, reply }) => {
    const frame = context.frame(site, request);
    let typed = nothingTyped;
    let key = newId();
    try {
      return await withUploads(request, uploads, async (form) => {
        typed = readTyped(form);
        const given = form.text('key', 36);
        key = keyPattern.test(given) ? given : key;
        if (form.refusal) throw form.refusal;
        const receipt = await submitAsk(app, {
          ...{ bureauId: site.bureauId, key, channel: typed.page ? 'error-report' : 'ask', text: typed.text },
          ...{ place: typed.place || null, name: typed.name || null, phone: typed.phone || null },
          ...{ page: typed.page || null, mayPublish: typed.mayPublish, pictures: form.files },
          ...{ from: request.ip, proof: form.text('proof', 2_000) || undefined },
        });
        const dueDay = receipt.dueAt ? dayWords(receipt.dueAt) : null;
        if (keepsCookies(request)) {
          keepReceipt(app, site, reply, { receipt: receipt.receipt, code: receipt.code, given: { dueDay } });
          return leadTo(reply, `${receiptPath(site)}/given`);
        }
        return answerPrivately(context, reply, renderReceived(frame, receipt, dueDay));
      });
    } catch (error) {
      const { problem, status } = problemOf(error);
      // A file cannot be put back into a form; its owner is told.
      const withFiles = isUpload(request)
        ? { zh: `${problem.zh}如选过图片，请重新选择。`, en: `${problem.en} Choose pictures again.` }
        : problem;
      const body = await details(context, frame, site, typed, { key, looks: false, problem: withFiles });
      return answerTyped(context, reply, body, status);
    }
  });
}

async function details(
  context: SiteContext,
  frame: Frame,
  site: Site,
  typed: Typed,
  { key, looks, problem }: { key: string; looks: boolean; problem?: Problem },
): Promise<string> {
  const matches =
    looks && !typed.page ? await findMatches(context, site, typed.text) : { words: [], services: [] };
  const risky = findNumbers(typed.text).some(({ type }) => riskyKinds.has(type));
  return renderDetails(frame, typed, {
    ...{ key, proof: await createProof(context.app), matches, problem, risky },
  });
}

const riskyKinds: ReadonlySet<string> = new Set(['ID_CARD', 'ID_CARD_15', 'BANK_CARD', 'PASSPORT']);

const isUpload = (request: FastifyRequest): boolean => request.isMultipart();

function readTyped(form: FormBody): Typed {
  return {
    // Whole, however long: who pasted too much is told by how much, and keeps it.
    text: form.text('text', Number.POSITIVE_INFINITY),
    place: form.text('place', askLimits.place),
    name: form.text('name', askLimits.name),
    phone: form.text('phone', askLimits.phone),
    mayPublish: form.text('publish', 3) === 'yes',
    page: readPage(form.text('page', 200)),
  };
}

/** A page of this site, or none. */
function readPage(given: unknown): string {
  return typeof given === 'string' && given.length <= 200 && given !== '' && localPath(given) === given
    ? given
    : '';
}
