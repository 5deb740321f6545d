import type { PackageMedia, PackagePayload } from '#shared/package.ts';
import type {
  AccountSession,
  CheckResult,
  MediaReader,
  Outcome,
  PlatformIds,
  RemotePublish,
} from '../contract.ts';
import { videoOf } from '../fit-media.ts';
import { asksAgain, type Certain, failureOf, NotPrepared, notRead, outcomeOf } from './answer.ts';
import { call, callOnce } from './client.ts';
import { compose, inspect } from './compose.ts';
import { limits } from './limits.ts';
import { fateOf, findInList } from './read-back.ts';
import { CreatedItem, ItemList, UploadedImage } from './shapes.ts';
import { accessToken, NoToken } from './tokens.ts';
import { markVideoUsed, uploadVideo } from './video.ts';

export const publish: RemotePublish = {
  kind: 'remote',
  reaches: ['timeline'],
  carriesShortLink: true,
  // The list shows works that are still under review (its field `is_reviewed` says so); ten minutes are for replicas.
  topics: { most: limits.topics },
  settleMs: 10 * 60_000,
  compose,
  inspect,
  prepare,
  submit,
  check,
};

/** Examines the text here, uploads the video or the pictures; none of it can be seen by anybody. */
async function prepare(
  session: AccountSession,
  payload: PackagePayload,
  media: MediaReader,
  once: Parameters<RemotePublish['prepare']>[3],
): Promise<{ kind: 'prepared'; ids: PlatformIds } | Certain> {
  const { problems } = inspect(payload, { shortLink: payload.shortLink, reach: payload.reach });
  const block = problems.find((problem) => problem.level === 'block');
  if (block) return { kind: 'rejected', code: `content-${block.field}`, reason: block.zh };
  try {
    await accessToken(session);
    const video = videoOf(payload.media);
    if (video) return { kind: 'prepared', ids: await uploadVideo(session, video, media, once) };
    const ids: Record<string, string> = {};
    for (const [at, picture] of payload.media.entries()) {
      const { imageId = '' } = await once(`image:${at}:${picture.sha256}`, () =>
        uploadPicture(session, picture, media),
      );
      ids[imageKey(at)] = imageId;
    }
    return { kind: 'prepared', ids };
  } catch (error) {
    if (error instanceof NoToken || error instanceof NotPrepared) return error.failure;
    throw error;
  }
}

const imageKey = (at: number): string => `image${at + 1}`;

async function uploadPicture(
  session: AccountSession,
  picture: PackageMedia,
  media: MediaReader,
): Promise<PlatformIds> {
  const bytes = await media(picture.sha256);
  if (bytes.length > limits.pictureBytes) {
    throw new NotPrepared({ kind: 'rejected', code: 'picture-size', reason: '单张图片不能超过 20 MB' });
  }
  const extension = picture.mime.replace('image/', '').replace('jpeg', 'jpg');
  const answer = await call(session, {
    method: 'POST',
    path: '/api/douyin/v1/video/upload_image/',
    multipart() {
      const form = new FormData();
      const file = new Blob([new Uint8Array(bytes)], { type: picture.mime });
      form.set('image', file, `${picture.sha256}.${extension}`);
      return form;
    },
  });
  if (answer.kind !== 'ok') throw new NotPrepared(failureOf(answer));
  const image = UploadedImage.safeParse(answer.json);
  if (!image.success) throw new NotPrepared(asksAgain('unreadable-image'));
  return { imageId: image.data.image.image_id };
}

async function submit(session: AccountSession, payload: PackagePayload, ids: PlatformIds): Promise<Outcome> {
  const text = payload.body.value;
  const { uploadedId } = ids;
  if (uploadedId) await markVideoUsed(session, uploadedId);
  const answer = await callOnce(
    session,
    uploadedId
      ? {
          method: 'POST',
          path: '/api/douyin/v1/video/create_video/',
          // 0: for everybody.
          json: { video_id: uploadedId, text, private_status: 0 },
        }
      : {
          method: 'POST',
          path: '/api/douyin/v1/video/create_image_text/',
          json: { text, image_list: payload.media.map((_picture, at) => ids[imageKey(at)] ?? '') },
        },
  );
  if (answer.kind !== 'ok') return outcomeOf(answer);
  const created = CreatedItem.safeParse(answer.json);
  if (!created.success) return { kind: 'unknown', reason: '答复里没有作品编号 / no item id in the answer' };
  const { item_id: itemId, video_id: videoId } = created.data;
  // Seen by its author only until the platform has reviewed it.
  return {
    kind: 'pending',
    ids: { itemId, ...(videoId ? { videoId } : {}) },
    checkAfterMs: 5_000,
    waitingFor: 'platform',
  };
}

async function check(
  session: AccountSession,
  payload: PackagePayload,
  { itemId }: PlatformIds,
  sentAt: Date,
): Promise<CheckResult> {
  if (!itemId) return findInList(session, payload, sentAt);
  const answer = await call(session, {
    method: 'POST',
    path: '/api/douyin/v1/video/video_data/',
    json: { item_ids: [itemId] },
  });
  if (answer.kind !== 'ok') return notRead(answer);
  const items = ItemList.safeParse(answer.json);
  const item = items.success ? items.data.list.find(({ id }) => id === itemId) : undefined;
  if (item) return fateOf(session, item, sentAt);
  return {
    kind: 'unknown',
    reason: '平台没有列出这个作品，可能已被删除 / not listed; it may have been deleted',
  };
}
