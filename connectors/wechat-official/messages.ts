/** Private messages: answers go out as customer-service messages within the platform's window. */
import type {
  AccountSession,
  FileFetch,
  InboundAttachment,
  MessagesCapability,
  ReplyOutcome,
} from '#connectors/contract.ts';
import {
  call,
  callForFile,
  fetchFile,
  irreversibleFailure,
  isConfirmed,
  reversibleFailure,
} from './client.ts';
import { meaningOf } from './codes.ts';
import { MESSAGE_FILES_KEPT_MS, MESSAGE_LONGEST, MESSAGE_WINDOW } from './limits.ts';

export const messages: MessagesCapability = {
  window: MESSAGE_WINDOW,
  replyLimit: MESSAGE_LONGEST,
  consoleUrl: 'https://mp.weixin.qq.com/',
  send,
  files: { types: ['image', 'voice', 'video', 'shortvideo'], keptForMs: MESSAGE_FILES_KEPT_MS, load },
};

/** Films are not answered with: the answer says where they lie. */
async function load(session: AccountSession, { mediaId }: InboundAttachment): Promise<FileFetch> {
  if (!mediaId) return { failure: nothingThere };
  const query = { media_id: mediaId };
  const answer = await callForFile(session, { method: 'GET', path: '/cgi-bin/media/get', query });
  if (answer.kind === 'file') return { bytes: answer.bytes };
  if (answer.kind !== 'ok') return { failure: reversibleFailure(answer) };
  const { video_url: url } = answer.body;
  return typeof url === 'string' ? loadFilm(session, url) : { failure: nothingThere };
}

/** Another host: when it fails, that says nothing about the platform. */
async function loadFilm(session: AccountSession, url: string): Promise<FileFetch> {
  const answer = await fetchFile(session, url);
  if (answer.kind === 'file') return { bytes: answer.bytes };
  if (answer.kind === 'unsent' && answer.code === 'HOST_REFUSED') return { failure: nothingThere };
  return { failure: { kind: 'retry-later', afterMs: 60_000, code: 'film-host', scope: 'account' } };
}

const nothingThere = {
  kind: 'rejected',
  code: 'no-file',
  reason: '平台没有给出文件。The platform gave no file.',
} as const;

/** Nothing on the platform lists what was sent, so an answer that is lost stays unknown. */
async function send(session: AccountSession, personKey: string, text: string): Promise<ReplyOutcome> {
  const answer = await call(session, {
    method: 'POST',
    path: '/cgi-bin/message/custom/send',
    json: { touser: personKey, msgtype: 'text', text: { content: text } },
  });
  if (isConfirmed(answer)) return { kind: 'sent', ids: {} };
  if (answer.kind === 'refused' && meaningOf(answer.code)?.kind === 'window-closed') {
    return { kind: 'window-closed', code: String(answer.code) };
  }
  return irreversibleFailure(answer);
}
