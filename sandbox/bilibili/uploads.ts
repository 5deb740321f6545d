/** Files of videos: in one piece or in parts, on a host of their own; and covers. */
import { createHash, randomBytes } from 'node:crypto';
import { sniffPicture } from '../core/media.ts';
import type { World } from '../core/world.ts';
import { type Call, type Fields, required, whole } from './call.ts';
import { Refusal } from './refusal.ts';
import { type BilibiliAccount, imageAddress, PLATFORM, stateOf, type Upload } from './state.ts';

const SINGLE_MOST = 100 * 1024 * 1024;
/** Every part but the last has exactly this size. */
const PART_BYTES = 8 * 1024 * 1024;
const COVER_MOST = 5 * 1024 * 1024;

export const demandVideos = (account: BilibiliAccount): void => {
  if (!account.scopes.includes('ARC_BASE')) throw new Refusal(127011);
};

/** `POST /arcopen/fn/archive/video/init` */
export function initVideo({ account, fields }: Call): unknown {
  demandVideos(account);
  required(fields, 'name');
  const utype = required(fields, 'utype');
  if (utype !== '0' && utype !== '1') throw new Refusal(127100);
  const token = randomBytes(16).toString('hex');
  account.uploads[token] = { single: utype === '1', parts: {}, complete: false, used: false };
  return { upload_token: token };
}

function uploadOf(world: World, fields: Fields): Upload {
  const token = required(fields, 'upload_token');
  for (const account of Object.values(stateOf(world).accounts)) {
    const upload = account.uploads[token];
    if (upload && !upload.used) return upload;
  }
  throw new Refusal(127022);
}

const proofOf = (bytes: Buffer) => ({
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/** `POST /video/v2/upload` */
export function uploadSingle(world: World, fields: Fields, bytes: Buffer): unknown {
  const upload = uploadOf(world, fields);
  if (!upload.single || bytes.length === 0 || bytes.length > SINGLE_MOST) throw new Refusal(127100);
  upload.parts = { 1: proofOf(bytes) };
  upload.complete = true;
  return {};
}

/** `POST /video/v2/part/upload`: a part may come again. */
export function uploadPart(world: World, fields: Fields, bytes: Buffer): unknown {
  const upload = uploadOf(world, fields);
  const number = whole(fields, 'part_number');
  if (upload.single || number < 1 || bytes.length === 0 || bytes.length > PART_BYTES)
    throw new Refusal(127100);
  upload.parts[number] = proofOf(bytes);
  upload.complete = false;
  return {};
}

/** `POST /arcopen/fn/archive/video/complete`: a gap, or a short part before the last one, is refused. */
export function completeVideo({ world, account, fields }: Call): unknown {
  demandVideos(account);
  const upload = uploadOf(world, fields);
  const numbers = Object.keys(upload.parts).map(Number);
  const last = Math.max(0, ...numbers);
  const even = numbers.every((number) => number === last || upload.parts[number]?.bytes === PART_BYTES);
  if (upload.single || last === 0 || numbers.length !== last || !even) throw new Refusal(127100);
  upload.complete = true;
  return {};
}

/** `POST /arcopen/fn/archive/cover/upload` */
export function uploadCover({ world, account, file }: Call): unknown {
  demandVideos(account);
  const mime = file && sniffPicture(file);
  if (!file || !mime || file.length > COVER_MOST) throw new Refusal(127102);
  const sha256 = world.media.keep(file);
  world.ledger.append({
    platform: PLATFORM,
    account: account.openid,
    kind: 'media.uploaded',
    key: sha256,
    detail: { bytes: file.length },
  });
  return { url: imageAddress(sha256, mime === 'image/png' ? 'png' : 'jpg') };
}
