import { randomBytes } from 'node:crypto';
import { FileAnswer } from '../core/answer.ts';
import { sniffPicture } from '../core/media.ts';
import type { Call, Json } from './call.ts';
import { PICTURE_HOST } from './content.ts';
import { Refusal } from './refusal.ts';
import { PLATFORM, type SentKind } from './state.ts';

const MIB = 1024 * 1024;

/** `POST /cgi-bin/media/uploadimg`: jpg or png under 1 MB, not counted in the library. */
export function uploadPicture(call: Call): Json {
  const { bytes, mime } = picture(call, ['image/jpeg', 'image/png'], MIB);
  const sha256 = call.world.media.keep(bytes);
  call.account.pictures[sha256] = { mime };
  const url = `${PICTURE_HOST}${sha256}`;
  note(call, url, { sha256, use: 'body' });
  return { url, errcode: 0, errmsg: 'ok' };
}

/** `POST /cgi-bin/material/add_material?type=image|thumb`: kept for good. */
export function addMaterial(call: Call): Json {
  const thumb = call.query.type === 'thumb';
  if (!thumb && call.query.type !== 'image') throw new Refusal(40008);
  const { bytes, mime } = thumb
    ? picture(call, ['image/jpeg'], 64 * 1024)
    : picture(call, ['image/jpeg', 'image/png', 'image/gif', 'image/bmp'], 10 * MIB);
  const sha256 = call.world.media.keep(bytes);
  const mediaId = randomBytes(48).toString('base64url');
  call.account.materials[mediaId] = { sha256, mime };
  call.account.pictures[sha256] = { mime };
  note(call, mediaId, { sha256, use: 'material' });
  return { media_id: mediaId, url: `${PICTURE_HOST}${sha256}` };
}

const SENT_FOR_MS = 3 * 24 * 3_600_000;
const SENT_TYPES: Readonly<Record<SentKind, string>> = {
  image: 'image/jpeg',
  voice: 'audio/amr',
  video: 'video/mp4',
};

/** `GET /cgi-bin/media/get`: what a person sent, for three days. Of a film the answer tells the address alone. */
export function getSentMedia(call: Call): Json | FileAnswer {
  const sent = call.account.sent?.[call.query.media_id ?? ''];
  const bytes = sent && call.world.media.find(sent.sha256);
  if (!sent || !bytes || call.world.clock.now() - sent.at > SENT_FOR_MS) throw new Refusal(40007);
  if (sent.kind === 'video') return { video_url: `${call.origin}/sandbox/${PLATFORM}/films/${sent.sha256}` };
  return new FileAnswer(bytes, SENT_TYPES[sent.kind]);
}

function picture(call: Call, accepted: string[], below: number): { bytes: Buffer; mime: string } {
  const bytes = call.file;
  if (!bytes || bytes.length === 0) throw new Refusal(41005);
  if (bytes.length >= below) throw new Refusal(40009);
  const mime = sniffPicture(bytes);
  if (!mime || !accepted.includes(mime)) throw new Refusal(40005);
  return { bytes, mime };
}

function note(call: Call, key: string, detail: Json): void {
  const { appid } = call.account;
  call.world.ledger.append({ platform: PLATFORM, account: appid, kind: 'media.uploaded', key, detail });
}
