import type { PackageMedia, PackagePayload } from '#shared/package.ts';
import type {
  AccountSession,
  CheckResult,
  MediaReader,
  Outcome,
  PlatformIds,
  RemotePublish,
} from '../contract.ts';
import { type Answer, asksAgain, callAs, type Failure, failureOf, notRead, outcomeOf } from './client.ts';
import { compose, inspect } from './compose.ts';
import { countCharacters } from './count.ts';
import { apiPath, isBusiness } from './credential.ts';
import { limits } from './limits.ts';
import { postUrl } from './post-url.ts';
import { findOnTimeline } from './read-back.ts';
import { Counts, PictureId, Status, TokenInfo } from './shapes.ts';

/** Preparation begins ten minutes before the time; a token that ends sooner would end on the way. */
const TOKEN_MARGIN_S = 12 * 60;
const WITH_PICTURE_TIMEOUT_MS = 60_000;

export const publish: RemotePublish = {
  kind: 'remote',
  reaches: ['timeline'],
  carriesShortLink: true,
  // New posts may be held back for inspection before the time line shows them (code 20032 tells of it).
  settleMs: 180_000,
  picturesOnly: true,
  compose,
  inspect,
  prepare,
  submit,
  check,
};

/** Examines text, domain and picture here, then asks whose token it is; no call of this can be seen by anybody. */
async function prepare(
  session: AccountSession,
  payload: PackagePayload,
  media: MediaReader,
  once: Parameters<RemotePublish['prepare']>[3],
): Promise<{ kind: 'prepared'; ids: PlatformIds } | Failure> {
  const refusal = examine(session, payload) ?? (await examinePictures(payload, media));
  if (refusal) return refusal;
  try {
    const owner = await once('token', () => tokenOwner(session));
    const pictures: Record<string, string> = {};
    if (!goesInOneCall(session, payload)) {
      for (const picture of payload.media) {
        Object.assign(
          pictures,
          await once(`picture-${picture.sha256}`, () => upload(session, picture, media)),
        );
      }
    }
    return { kind: 'prepared', ids: { ...owner, ...pictures } };
  } catch (error) {
    if (error instanceof NotPrepared) return error.failure;
    throw error;
  }
}

/** Carries a failure out of a step that `once` must not save. */
class NotPrepared extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.kind);
    this.failure = failure;
  }
}

function examine(session: AccountSession, payload: PackagePayload): Failure | null {
  const { settings } = session.account;
  const { shortLink, reach } = payload;
  const { problems } = inspect(payload, { shortLink, reach, settings });
  const block = problems.find((problem) => problem.level === 'block');
  if (block) return { kind: 'rejected', code: `content-${block.field}`, reason: block.zh };
  // The business interface takes any link.
  if (isBusiness(settings)) return null;
  const domain = (settings.boundDomain ?? '').toLowerCase();
  const { hostname } = new URL(payload.shortLink);
  if (hostname === domain || hostname.endsWith(`.${domain}`)) return null;
  const reason = `短链接域名 ${hostname} 不在应用绑定的安全域名 ${domain} 下（10017）`;
  return { kind: 'rejected', code: '10017', reason };
}

/** The picture goes out with the post itself, so that it must be at hand before the moment. */
async function examinePictures(payload: PackagePayload, media: MediaReader): Promise<Failure | null> {
  for (const picture of payload.media) {
    const bytes = await media(picture.sha256);
    if (bytes.length >= limits.pictureBytes) {
      return { kind: 'rejected', code: '20006', reason: '图片须小于 5 MB（20006）' };
    }
  }
  return null;
}

/** The post with its one picture in it; everything else goes by pictures that were sent before, or has none. */
const goesInOneCall = (session: AccountSession, payload: PackagePayload): boolean =>
  !isBusiness(session.account.settings) || (payload.media.length === 1 && !isLong(payload));

const isLong = (payload: PackagePayload): boolean =>
  countCharacters(payload.body.value) > limits.postCharacters;

async function upload(
  session: AccountSession,
  picture: PackageMedia,
  media: MediaReader,
): Promise<PlatformIds> {
  const answer = await callAs(session, {
    method: 'POST',
    path: apiPath(session, 'statuses/upload_pic'),
    timeoutMs: WITH_PICTURE_TIMEOUT_MS,
    multipart: withPicture({}, picture.mime, await media(picture.sha256)),
  });
  if (answer.kind !== 'ok') throw new NotPrepared(failureOf(answer));
  const read = PictureId.safeParse(answer.json);
  if (!read.success) throw new NotPrepared(asksAgain('answer-without-picture-id'));
  return { [`picture-${picture.sha256}`]: read.data.pic_id };
}

/** A token of another account would publish there: its owner is compared before anything is sent. */
async function tokenOwner(session: AccountSession): Promise<PlatformIds> {
  const answer = await callAs(session, { method: 'POST', path: '/oauth2/get_token_info', form: {} });
  if (answer.kind !== 'ok') throw new NotPrepared(failureOf(answer));
  const info = TokenInfo.safeParse(answer.json);
  if (!info.success) throw new NotPrepared(asksAgain('unreadable-token-info'));
  if (info.data.uid !== session.account.settings.uid) {
    throw new NotPrepared({ kind: 'sign-in-again', code: 'token-of-another-account' });
  }
  if (info.data.expire_in <= TOKEN_MARGIN_S) {
    throw new NotPrepared({ kind: 'sign-in-again', code: 'token-ends-too-soon' });
  }
  return { uid: info.data.uid };
}

async function submit(
  session: AccountSession,
  payload: PackagePayload,
  ids: PlatformIds,
  media: MediaReader,
): Promise<Outcome> {
  if (!goesInOneCall(session, payload)) return submitByIds(session, payload, ids);
  const fields = { status: payload.body.value, rip: session.account.settings.operatorIp ?? '' };
  const [picture] = payload.media;
  const bytes = picture ? await media(picture.sha256).catch(() => null) : null;
  // Provably nothing was sent; `prepare` had read it, so somebody is moving files.
  if (picture && !bytes) return { ...asksAgain('media-unreadable'), scope: 'account' };
  const path = isBusiness(session.account.settings)
    ? apiPath(session, 'statuses/upload')
    : '/2/statuses/share.json';
  const answer =
    picture && bytes
      ? await callAs(session, {
          method: 'POST',
          path,
          timeoutMs: WITH_PICTURE_TIMEOUT_MS,
          multipart: withPicture(fields, picture.mime, bytes),
        })
      : await callAs(session, { method: 'POST', path, form: fields });
  return readSubmission(session, answer);
}

/** Up to nine pictures by their ids, up to 2,000 characters. */
async function submitByIds(
  session: AccountSession,
  payload: PackagePayload,
  ids: PlatformIds,
): Promise<Outcome> {
  const pictures = payload.media.map(({ sha256 }) => ids[`picture-${sha256}`]);
  if (pictures.includes(undefined)) return { ...asksAgain('not-prepared'), scope: 'account' };
  const answer = await callAs(session, {
    method: 'POST',
    path: apiPath(session, 'statuses/upload_url_text'),
    form: {
      status: payload.body.value,
      rip: session.account.settings.operatorIp ?? '',
      visible: '0',
      ...(isLong(payload) ? { is_longtext: '1' } : {}),
      ...(pictures.length > 0 ? { pic_id: pictures.join(',') } : {}),
    },
  });
  return readSubmission(session, answer);
}

function readSubmission(session: AccountSession, answer: Answer): Outcome {
  if (answer.kind === 'ok') return published(session, answer.json);
  const outcome = outcomeOf(answer);
  return outcome.kind === 'window-closed' ? { kind: 'unknown', reason: outcome.code } : outcome;
}

function withPicture(fields: Record<string, string>, mime: string, bytes: Buffer): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set(
    'pic',
    new Blob([new Uint8Array(bytes)], { type: mime }),
    `picture.${mime.slice('image/'.length)}`,
  );
  return form;
}

function published(session: AccountSession, json: unknown): Outcome {
  const status = Status.safeParse(json);
  if (!status.success) return { kind: 'unknown', reason: '答复里没有微博编号 / no post id in the answer' };
  const { id, at } = status.data;
  return { kind: 'published', ids: { postId: id }, url: postUrl(session, id), at };
}

async function check(
  session: AccountSession,
  payload: PackagePayload,
  { postId }: PlatformIds,
  sentAt: Date,
): Promise<CheckResult> {
  if (!postId) return findOnTimeline(session, payload, sentAt);
  const answer = await callAs(session, {
    method: 'GET',
    path: apiPath(session, 'statuses/count'),
    query: { ids: postId },
  });
  if (answer.kind !== 'ok') return notRead(answer);
  const counts = Counts.safeParse(answer.json);
  if (counts.success && counts.data.includes(postId)) {
    return { kind: 'published', ids: { postId }, url: postUrl(session, postId), at: null };
  }
  return {
    kind: 'unknown',
    reason: '平台没有列出这条微博，可能已被删除 / not listed; it may have been deleted',
  };
}
