import type { FastifyInstance, FastifyRequest } from 'fastify';
import { newId } from '#server/base/ids.ts';
import {
  addToReceipt,
  askLimits,
  type ReceiptKey,
  type ReceiptView,
  rateReceipt,
  readReceipt,
  withdrawReceipt,
} from '#server/modules/inbox/index.ts';
import type { SiteContext } from '../site-context.ts';
import type { Site } from '../site-frame.ts';
import { type Answer, answerPrivately, onEverySite, problemOf } from './bureau-routes.ts';
import { type FormBody, readForm } from './form-body.ts';
import { renderReceipt, renderReceiptForm } from './receipt-page.ts';

type Work = (key: ReceiptKey, form: FormBody) => Promise<{ view: ReceiptView; done?: string }>;

export function receiptRoutes(server: FastifyInstance, context: SiteContext): void {
  const { app } = context;
  onEverySite(server, context, 'GET', '/receipt', async ({ site, request, reply }) =>
    answerPrivately(
      context,
      reply,
      renderReceiptForm(context.frame(site, request), { receipt: '', code: '' }),
    ),
  );
  const post = (path: string, work: Work) =>
    onEverySite(server, context, 'POST', path, answerWith(context, work));

  post('/receipt', async (key) => ({ view: await readReceipt(app, key) }));
  post('/receipt/add', async (key, form) => ({
    view: await addToReceipt(app, key, {
      key: form.text('key', 36),
      text: form.text('text', askLimits.text),
    }),
    done: '已收到您的补充。',
  }));
  post('/receipt/rate', async (key, form) => {
    const satisfaction = Number(form.text('satisfaction', 1));
    if (![1, 3, 5].includes(satisfaction)) return { view: await readReceipt(app, key) };
    const view = await rateReceipt(app, key, { satisfaction, note: form.text('note', 500) });
    return {
      view,
      done: view.state === 'open' ? '已收到您的评价，这件留言会重新办理。' : '谢谢您的评价。',
    };
  });
  post('/receipt/withdraw', async (key) => ({
    view: await withdrawReceipt(app, key),
    done: '已撤回，这件留言不再办理。',
  }));
}

function answerWith(context: SiteContext, work: Work): Answer {
  return async ({ site, request, reply }) => {
    const form = readForm(request);
    const key = keyOf(form, request);
    const frame = context.frame(site, request);
    try {
      const { view, done } = await work(key, form);
      return answerPrivately(context, reply, renderReceipt(frame, view, key, { formKey: newId(), done }));
    } catch (error) {
      const { problem, status } = problemOf(error);
      const body = await again(context, site, request, key, problem);
      return answerPrivately(context, reply, body, status);
    }
  };
}

/** With the case below it where the key is right, so that a refused step shows what stands. */
async function again(
  context: SiteContext,
  site: Site,
  request: FastifyRequest,
  key: ReceiptKey,
  problem: { zh: string; en: string },
): Promise<string> {
  const frame = context.frame(site, request);
  try {
    const view = await readReceipt(context.app, key);
    return renderReceipt(frame, view, key, { formKey: newId(), problem });
  } catch {
    return renderReceiptForm(frame, key, problem);
  }
}

const keyOf = (form: FormBody, request: FastifyRequest): ReceiptKey => ({
  receipt: form.text('receipt', 20),
  code: form.text('code', 16),
  from: request.ip,
});
