import type { PackagePayload } from '#shared/package.ts';
import type {
  AccountSession,
  CheckResult,
  MediaReader,
  Outcome,
  PlatformIds,
  RemotePublish,
} from '../contract.ts';
import { asksAgain, callAs, type Failure, failureOf, notRead, outcomeOf } from './client.ts';
import { compose, inspect } from './compose.ts';
import { limits } from './limits.ts';
import { postUrl } from './post-url.ts';
import { findOnTimeline } from './read-back.ts';
import { Counts, Status, TokenInfo } from './shapes.ts';

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
  const refusal = examine(session, payload) ?? (await examinePicture(payload, media));
  if (refusal) return refusal;
  try {
    return { kind: 'prepared', ids: await once('token', () => tokenOwner(session)) };
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
  const { problems } = inspect(payload, { shortLink: payload.shortLink, reach: payload.reach });
  const block = problems.find((problem) => problem.level === 'block');
  if (block) return { kind: 'rejected', code: `content-${block.field}`, reason: block.zh };
  const domain = (session.account.settings.boundDomain ?? '').toLowerCase();
  const { hostname } = new URL(payload.shortLink);
  if (hostname === domain || hostname.endsWith(`.${domain}`)) return null;
  const reason = `短链接域名 ${hostname} 不在应用绑定的安全域名 ${domain} 下（10017）`;
  return { kind: 'rejected', code: '10017', reason };
}

/** The picture goes out with the post itself, so that it must be at hand before the moment. */
async function examinePicture(payload: PackagePayload, media: MediaReader): Promise<Failure | null> {
  const [picture] = payload.media;
  if (!picture) return null;
  const bytes = await media(picture.sha256);
  if (bytes.length < limits.pictureBytes) return null;
  return { kind: 'rejected', code: '20006', reason: '图片须小于 5 MB（20006）' };
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
  _ids: PlatformIds,
  media: MediaReader,
): Promise<Outcome> {
  const fields = { status: payload.body.value, rip: session.account.settings.operatorIp ?? '' };
  const [picture] = payload.media;
  const bytes = picture ? await media(picture.sha256).catch(() => null) : null;
  // Provably nothing was sent; `prepare` had read it, so somebody is moving files.
  if (picture && !bytes) return { ...asksAgain('media-unreadable'), scope: 'account' };
  const path = '/2/statuses/share.json';
  const answer =
    picture && bytes
      ? await callAs(session, {
          method: 'POST',
          path,
          timeoutMs: WITH_PICTURE_TIMEOUT_MS,
          multipart: withPicture(fields, picture.mime, bytes),
        })
      : await callAs(session, { method: 'POST', path, form: fields });
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
    path: '/2/statuses/count.json',
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
