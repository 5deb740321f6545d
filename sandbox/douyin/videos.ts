/** Videos: uploading in one piece or in parts, and creating a work of one. */
import { createHash } from 'node:crypto';
import { type Call, text, whole } from './call.ts';
import { createItem } from './items.ts';
import { Refusal } from './refusal.ts';
import { type DouyinAccount, nextNumber, sealedId } from './state.ts';

const MB = 1024 * 1024;
/** Above this an upload must come in parts. */
const SINGLE_MOST = 128 * MB;
const PART_LEAST = 5 * MB;
const UPLOAD_LIFE_MS = 2 * 3_600_000;

/** `POST /api/douyin/v1/video/upload_video/` */
export function uploadVideo(call: Call): object {
  const { file } = call;
  if (!file || file.length === 0 || file.length > SINGLE_MOST) throw new Refusal(2100005);
  return keep(call, file.length, createHash('sha256').update(file).digest('hex'));
}

/** `POST /api/douyin/v1/video/init_video_part_upload/` */
export function beginParts({ world, account }: Call): object {
  const upload_id = sealedId(world, 'upload');
  account.uploads[upload_id] = { until: world.clock.now() + UPLOAD_LIFE_MS, parts: {} };
  return { upload_id };
}

function uploadOf({ world, account, fields }: Call) {
  const upload = account.uploads[text(fields, 'upload_id')];
  if (!upload || upload.until <= world.clock.now()) throw new Refusal(28001007);
  return upload;
}

/** `POST /api/douyin/v1/video/upload_video_part/`: a part may come again. */
export function uploadPart(call: Call): object {
  const number = whole(call.fields, 'part_number', 0);
  if (number < 1 || !call.file || call.file.length < PART_LEAST) throw new Refusal(2100005);
  uploadOf(call).parts[number] = call.file.length;
  return {};
}

/** `POST /api/douyin/v1/video/complete_video_part_upload/`: a gap is refused. */
export function completeParts(call: Call): object {
  const { parts } = uploadOf(call);
  const numbers = Object.keys(parts).map(Number);
  if (numbers.length === 0 || Math.max(...numbers) !== numbers.length) throw new Refusal(28001007);
  const id = text(call.fields, 'upload_id');
  delete call.account.uploads[id];
  const bytes = Object.values(parts).reduce((sum, size) => sum + size, 0);
  return keep(call, bytes, createHash('sha256').update(id).digest('hex'));
}

function keep({ world, account }: Call, bytes: number, sha256: string): object {
  const video_id = `v0200f${String(nextNumber(world)).padStart(10, '0')}`;
  account.videos[video_id] = { bytes, sha256, used: false };
  world.ledger.append({
    ...{ platform: 'douyin', account: account.openId, kind: 'media.uploaded', key: video_id },
    detail: { bytes },
  });
  return { video: { video_id, width: 720, height: 1280 } };
}

/** `POST /api/douyin/v1/video/create_video/`: each uploaded video makes one work. */
export function createVideo(call: Call): object {
  const video = call.account.videos[text(call.fields, 'video_id')];
  if (!video || video.used) throw new Refusal(28001007);
  const item = createItem(call, text(call.fields, 'text'), [], video.bytes);
  video.used = true;
  return { item_id: item.id, video_id: item.videoId };
}

/** `GET /data/external/user/fans/`: values are texts, of whole days until yesterday. */
export function describeFans({ world, account, fields }: Call): object {
  const days = whole(fields, 'date_type', 7);
  if (![7, 15, 30].includes(days)) throw new Refusal(2100005);
  const list = Array.from({ length: days }, (_, at) => ({
    date: dayOf(world.clock.now() - (days - at) * 86_400_000),
    new_fans: '1',
    total_fans: String(fansOn(account, days - at)),
  }));
  return { result_list: list };
}

const fansOn = (account: DouyinAccount, daysAgo: number): number => account.fans - daysAgo + 1;
/** Beijing time. */
const dayOf = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
