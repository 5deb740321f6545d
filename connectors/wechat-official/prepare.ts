/** Everything reversible: pictures, cover, draft. Each id is saved by `once` before the next call is made. */
import type {
  AccountSession,
  MediaReader,
  OnceStep,
  PlatformIds,
  RemotePublish,
} from '#connectors/contract.ts';
import type { PackageMedia, PackagePayload } from '#shared/package.ts';
import { type Answer, call, type Json, type Refusal, reversibleFailure } from './client.ts';
import { bodyPictures, coverOf } from './compose.ts';

/** A saved id may have been deleted on the platform by hand: so often is it made anew. */
const REMADE_AT_MOST = 3;
const BAD_MEDIA_ID = 40007;

/** Ends preparation with an outcome; thrown because a step inside `once` must not return ids. */
class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly outcome: Refusal;
  constructor(outcome: Refusal) {
    super(`preparation stopped: ${outcome.kind}`);
    this.outcome = outcome;
  }
}

export const prepare: RemotePublish['prepare'] = async (session, payload, media, once) => {
  try {
    const content = await placePictures(session, payload, media, once);
    const draft = await prepareDraft(session, payload, content, media, once);
    return { kind: 'prepared', ids: draft };
  } catch (error) {
    if (error instanceof Stopped) return error.outcome;
    throw error;
  }
};

/** Swaps `media:<sha256>` for the platform's addresses in the approved HTML, and changes nothing else. */
async function placePictures(
  session: AccountSession,
  payload: PackagePayload,
  media: MediaReader,
  once: OnceStep,
): Promise<string> {
  let html = payload.body.value;
  for (const sha256 of bodyPictures(html)) {
    const picture = payload.media.find((candidate) => candidate.sha256 === sha256);
    if (!picture) throw new Stopped(refused('media-missing', '正文图片缺文件。A picture has no file.'));
    const { url = '' } = await once(`img:${sha256}`, async () => {
      const form = await pictureForm(picture, media);
      const body = must(
        await call(session, { method: 'POST', path: '/cgi-bin/media/uploadimg', multipart: form }),
      );
      return { url: pictureAddress(body.url) };
    });
    html = html.replaceAll(`media:${sha256}`, url);
  }
  return html;
}

async function uploadCover(
  session: AccountSession,
  payload: PackagePayload,
  media: MediaReader,
  once: OnceStep,
  round: number,
): Promise<string> {
  const cover = coverOf(payload.media);
  if (!cover) throw new Stopped(refused('cover-missing', '缺封面图。The cover is missing.'));
  const { coverId = '' } = await once(roundName('cover', round), async () => {
    const form = await pictureForm(cover, media);
    const body = must(
      await call(session, {
        method: 'POST',
        path: '/cgi-bin/material/add_material',
        query: { type: 'image' },
        multipart: form,
      }),
    );
    return { coverId: given(body.media_id) };
  });
  return coverId;
}

/**
 * Makes the draft, or verifies the saved one. Verifying also proves the token right before the irreversible call.
 */
async function prepareDraft(
  session: AccountSession,
  payload: PackagePayload,
  content: string,
  media: MediaReader,
  once: OnceStep,
): Promise<PlatformIds> {
  for (let round = 1; round <= REMADE_AT_MOST; round += 1) {
    let fresh = false;
    const ids = await once(roundName('draft', round), async () => {
      fresh = true;
      return addDraft(session, payload, content, media, once);
    });
    const state = fresh ? 'ready' : await restoreDraft(session, payload, content, ids);
    if (state === 'ready') return ids;
    if (state === 'unusable') continue;
    // A mass send may have taken the draft. Its second submission only asks for the id of the first one, and a new
    // draft would be something to send.
    if (payload.reach === 'mass-send') {
      return { ...ids, ...(await once('draft-gone', async () => ({ draftGone: 'yes' }))) };
    }
  }
  throw new Stopped(refused('draft-gone', '草稿一再被删除。The draft was deleted again and again.'));
}

async function addDraft(
  session: AccountSession,
  payload: PackagePayload,
  content: string,
  media: MediaReader,
  once: OnceStep,
): Promise<PlatformIds> {
  for (let round = 1; round <= REMADE_AT_MOST; round += 1) {
    const coverId = await uploadCover(session, payload, media, once, round);
    const answer = await call(session, {
      method: 'POST',
      path: '/cgi-bin/draft/add',
      json: { articles: [article(payload, content, coverId)] },
    });
    // The saved cover may have been removed from the library; a fresh one is sometimes not known everywhere yet.
    if (answer.kind === 'refused' && answer.code === BAD_MEDIA_ID) continue;
    return { draftId: given(must(answer).media_id), coverId };
  }
  throw new Stopped(soon('cover-not-known-yet'));
}

function article(payload: PackagePayload, content: string, coverId: string): Json {
  return {
    article_type: 'news',
    title: payload.title ?? '',
    author: payload.author ?? '',
    digest: payload.digest ?? '',
    content,
    content_source_url: payload.sourceUrl ?? '',
    thumb_media_id: coverId,
    need_open_comment: payload.openComments ? 1 : 0,
    only_fans_can_comment: 0,
  };
}

/**
 * A draft that somebody changed by hand gets the approved article again: what goes out is what was signed. A false alarm
 * costs one call. `unusable`: its cover left the library; it was deleted, and a new one takes its place.
 */
async function restoreDraft(
  session: AccountSession,
  payload: PackagePayload,
  content: string,
  ids: PlatformIds,
): Promise<'ready' | 'gone' | 'unusable'> {
  const answer = await getDraft(session, ids.draftId ?? '');
  if (isMissing(answer)) return 'gone';
  const articles = must(answer).news_item as Json[];
  if (articles.length !== 1) {
    const reason =
      '有人在这篇草稿里加了别的文章，请在公众平台上移走后重新送审。Somebody put another article into the draft; move it away and submit anew.';
    throw new Stopped(refused('draft-with-others', reason));
  }
  const approved = article(payload, content, ids.coverId ?? '');
  if (isSameArticle(articles[0], approved)) return 'ready';
  const update = await call(session, {
    method: 'POST',
    path: '/cgi-bin/draft/update',
    json: { media_id: ids.draftId, index: 0, articles: approved },
  });
  if (!isMissing(update)) return must(update) && 'ready';
  // The code speaks of the draft and of the cover alike; the draft stood there a moment ago.
  const removal = await deleteDraft(session, ids.draftId ?? '');
  if (isMissing(removal)) return 'gone';
  must(removal);
  return 'unusable';
}

export const deleteDraft = (session: AccountSession, draftId: string): Promise<Answer> =>
  call(session, { method: 'POST', path: '/cgi-bin/draft/delete', json: { media_id: draftId } });

/** What the platform keeps as it was given, and the words; its filter changes the markup of every article. */
function isSameArticle(shown: Json | undefined, approved: Json): boolean {
  const kept = ['title', 'author', 'content_source_url', 'need_open_comment', 'only_fans_can_comment'];
  if (kept.some((name) => String(shown?.[name] ?? '') !== String(approved[name] ?? ''))) return false;
  // An empty digest is filled in by the platform.
  if (approved.digest !== '' && shown?.digest !== approved.digest) return false;
  return wordsOf(shown?.content) === wordsOf(approved.content);
}

const wordsOf = (html: unknown): string =>
  String(html ?? '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, '');

/** Asks whether the draft is still in the box; an answer that shows no draft is no answer. */
export async function getDraft(session: AccountSession, draftId: string): Promise<Answer> {
  const answer = await call(session, {
    method: 'POST',
    path: '/cgi-bin/draft/get',
    json: { media_id: draftId },
  });
  if (answer.kind !== 'ok' || Array.isArray(answer.body.news_item)) return answer;
  return { kind: 'lost', reason: '答复里没有草稿。The answer shows no draft.' };
}

export const isMissing = (answer: Answer): boolean =>
  answer.kind === 'refused' && answer.code === BAD_MEDIA_ID;

async function pictureForm(picture: PackageMedia, media: MediaReader): Promise<() => FormData> {
  const bytes = await media(picture.sha256);
  const extension = picture.mime.replace('image/', '').replace('jpeg', 'jpg');
  return () => {
    const form = new FormData();
    form.set(
      'media',
      new Blob([new Uint8Array(bytes)], { type: picture.mime }),
      `${picture.sha256}.${extension}`,
    );
    return form;
  };
}

/** The address goes into an attribute of approved markup: nothing but an address may enter. */
function pictureAddress(value: unknown): string {
  const url = given(value);
  if (!/^https?:\/\/[^\s"'<>]+$/.test(url)) throw new Stopped(soon('picture-address'));
  return url;
}

/** An answer without the id it is about must not be saved as done. */
function given(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Stopped(soon('answer-without-id'));
}

function must(answer: Answer): Json {
  if (answer.kind === 'ok') return answer.body;
  throw new Stopped(reversibleFailure(answer));
}

const roundName = (name: string, round: number): string => (round === 1 ? name : `${name}:${round}`);
const refused = (code: string, reason: string): Refusal => ({ kind: 'rejected', code, reason });
const soon = (code: string): Refusal => ({ kind: 'retry-later', afterMs: 10_000, code, scope: 'account' });
