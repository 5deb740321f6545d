import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '#server/base/app-error.ts';
import { newId } from '#server/base/ids.ts';
import {
  addToReceipt,
  type ReceiptKey,
  type ReceiptView,
  rateReceipt,
  readReceipt,
  withdrawReceipt,
} from '#server/modules/inbox/index.ts';
import type { SiteContext } from '../site-context.ts';
import type { Site } from '../site-frame.ts';
import { type Problem, receiptPath, renderReceived } from './ask-page.ts';
import {
  type Answer,
  answerPrivately,
  answerTyped,
  leadTo,
  onEverySite,
  problemOf,
} from './bureau-routes.ts';
import { type FormBody, readForm } from './form-body.ts';
import {
  type Done,
  doneWords,
  forgetReceipt,
  type Kept,
  keepReceipt,
  keepsCookies,
  offerCookie,
  readKept,
} from './receipt-cookie.ts';
import { type ReceiptExtras, renderReceipt, renderReceiptForm } from './receipt-page.ts';

type Call = { site: Site; request: FastifyRequest; reply: FastifyReply };
type Work = (key: ReceiptKey, form: FormBody) => Promise<{ view: ReceiptView; done?: Done }>;

export function receiptRoutes(server: FastifyInstance, context: SiteContext): void {
  const { app } = context;
  onEverySite(server, context, 'GET', '/receipt', (call) => show(context, call));
  onEverySite(server, context, 'GET', '/receipt/given', async (call) => {
    const { site, request, reply } = call;
    const kept = readKept(app, site, request);
    if (!kept?.given) return leadTo(reply, receiptPath(site));
    const body = renderReceived(context.frame(site, request), kept, kept.given.dueDay);
    return answerPrivately(context, reply, body);
  });
  onEverySite(server, context, 'POST', '/receipt/leave', async ({ site, reply }) => {
    forgetReceipt(app, site, reply);
    return leadTo(reply, receiptPath(site));
  });
  const post = (path: string, work: Work) =>
    onEverySite(server, context, 'POST', path, answerWith(context, work));

  post('/receipt', async (key) => ({ view: await readReceipt(app, key) }));
  post('/receipt/add', async (key, form) => ({
    view: await addToReceipt(app, key, {
      key: form.text('key', 36),
      text: form.text('text', Number.POSITIVE_INFINITY),
    }),
    done: 'added',
  }));
  post('/receipt/rate', async (key, form) => {
    const satisfaction = Number(form.text('satisfaction', 1));
    if (![1, 3, 5].includes(satisfaction)) return { view: await readReceipt(app, key) };
    const note = form.text('note', Number.POSITIVE_INFINITY);
    const view = await rateReceipt(app, key, { satisfaction, note });
    return { view, done: view.state === 'open' ? 'reopened' : 'rated' };
  });
  post('/receipt/withdraw', async (key) => ({ view: await withdrawReceipt(app, key), done: 'withdrawn' }));
}

/** The receipt whose key the browser keeps, else the form that asks for one. */
async function show(context: SiteContext, { site, request, reply }: Call): Promise<FastifyReply> {
  const { app } = context;
  const frame = context.frame(site, request);
  const kept = readKept(app, site, request);
  if (!kept || kept.refused) {
    if (kept) forgetReceipt(app, site, reply);
    offerCookie(app, site, reply);
    const form = renderReceiptForm(
      frame,
      kept ?? { receipt: '', code: '' },
      kept?.refused ?? lostIn(request),
    );
    return answerPrivately(context, reply, form, kept?.refused?.status ?? 200);
  }
  try {
    const view = await readReceipt(app, { ...kept, from: request.ip });
    const { done, ...rest } = kept;
    // Said once, and kept half an hour from now on.
    keepReceipt(app, site, reply, rest);
    const more = { formKey: newId(), done: done && doneWords[done] };
    return answerPrivately(context, reply, renderReceipt(frame, view, kept, more));
  } catch (error) {
    const { problem, status } = problemOf(error);
    return answerPrivately(context, reply, renderReceiptForm(frame, kept, problem), status);
  }
}

const lost: Problem = {
  zh: '已过半小时，或浏览器没有保存。请重新输入回执号和查询码。',
  en: 'Half an hour has passed, or the browser kept nothing. Enter the receipt number and its code again.',
};
/** Sent here by a form, with nothing kept. */
const lostIn = (request: FastifyRequest): Problem | undefined =>
  'shown' in (request.query as Record<string, unknown>) ? lost : undefined;

function answerWith(context: SiteContext, work: Work): Answer {
  return async ({ site, request, reply }) => {
    const form = readForm(request);
    const key = keyOf(form, request);
    const frame = context.frame(site, request);
    const keeps = keepsCookies(request);
    try {
      const { view, done } = await work(key, form);
      if (keeps) return showNext(context, { site, request, reply }, { ...keptOf(key), done });
      const more = { formKey: newId(), done: done && doneWords[done] };
      return answerPrivately(context, reply, renderReceipt(frame, view, key, more));
    } catch (error) {
      const { problem, status } = problemOf(error);
      const typed = typedIn(form);
      const view = isWrongKey(error) ? null : await readAgain(context, key);
      if (view)
        // With the case below what was refused, so that one sees what stands; never kept, for it shows the key.
        return answerPrivately(
          context,
          reply,
          renderReceipt(frame, view, key, { formKey: newId(), problem, typed }),
          status,
        );
      if (keeps && !typed?.text && !typed?.note)
        return showNext(
          context,
          { site, request, reply },
          { ...keptOf(key), refused: { ...problem, status } },
        );
      return answerTyped(context, reply, renderReceiptForm(frame, key, problem), status);
    }
  };
}

function showNext(context: SiteContext, { site, request, reply }: Call, kept: Kept): FastifyReply {
  // Whoever was just given the code may go back to the page that shows it.
  const before = readKept(context.app, site, request);
  const given = before?.receipt === kept.receipt ? before.given : undefined;
  keepReceipt(context.app, site, reply, { ...kept, ...(given ? { given } : {}) });
  return leadTo(reply, `${receiptPath(site)}?shown`);
}

const keptOf = ({ receipt, code }: ReceiptKey) => ({ receipt, code });

const typedIn = (form: FormBody): ReceiptExtras['typed'] => ({
  text: form.text('text', Number.POSITIVE_INFINITY),
  note: form.text('note', Number.POSITIVE_INFINITY),
  ...(form.text('satisfaction', 1) ? { satisfaction: Number(form.text('satisfaction', 1)) } : {}),
});

/** Tried once: another look would count as another wrong try. */
const isWrongKey = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'receipt-unknown' || error.code === 'too-many-tries');

async function readAgain(context: SiteContext, key: ReceiptKey): Promise<ReceiptView | null> {
  try {
    return await readReceipt(context.app, key);
  } catch {
    return null;
  }
}

const keyOf = (form: FormBody, request: FastifyRequest): ReceiptKey => ({
  receipt: form.text('receipt', 20),
  code: form.text('code', 16),
  from: request.ip,
});
