/** Sealing of pushes as the platform documents it: AES-256-CBC, PKCS#7 in blocks of 32, SHA-1 signatures. */
import { createCipheriv, createDecipheriv, createHash, randomBytes, randomInt } from 'node:crypto';
import type { PushHttp } from '../core/pushes.ts';
import type { PushTarget } from './state.ts';

const BLOCK = 32;

export type PushFields = Record<string, unknown>;

/** Wraps fields in the envelope of the account's mode. Values that are `Digits` stay bare numbers of any length. */
export function sealPush(
  target: PushTarget,
  appid: string,
  openid: string,
  fields: PushFields,
  nowMs: number,
  forged: boolean,
): PushHttp {
  const clear = target.format === 'xml' ? toXml(fields) : toJson(fields);
  const timestamp = String(Math.floor(nowMs / 1000));
  const nonce = String(randomInt(100_000_000, 999_999_999));
  const token = forged ? `${target.token}x` : target.token;
  const query = new URLSearchParams({ signature: sign(token, timestamp, nonce), timestamp, nonce, openid });
  let body = clear;
  if (target.mode !== 'plain') {
    const sealed = encrypt(target.encodingAESKey, appid, clear);
    query.set('encrypt_type', 'aes');
    query.set('msg_signature', sign(token, timestamp, nonce, sealed));
    const envelope = { ToUserName: fields.ToUserName, Encrypt: sealed };
    const outer = target.mode === 'compat' ? { ...fields, ...envelope } : envelope;
    body = target.format === 'xml' ? toXml(outer) : toJson(outer);
  }
  const join = target.url.includes('?') ? '&' : '?';
  return {
    url: `${target.url}${join}${query}`,
    method: 'POST',
    headers: { 'content-type': target.format === 'xml' ? 'text/xml' : 'application/json' },
    body,
  };
}

const sign = (...parts: string[]): string =>
  createHash('sha1').update(parts.toSorted().join('')).digest('hex');

function encrypt(encodingAESKey: string, appid: string, clear: string): string {
  const key = Buffer.from(`${encodingAESKey}=`, 'base64');
  const message = Buffer.from(clear);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  const plain = Buffer.concat([randomBytes(16), length, message, Buffer.from(appid)]);
  const pad = BLOCK - (plain.length % BLOCK);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(pad, pad)),
    cipher.final(),
  ]).toString('base64');
}

/** The clear text of a sealed answer; null when its signature, its seal or its AppID is wrong. */
export function unsealReply(
  target: PushTarget,
  appid: string,
  { Encrypt = '', MsgSignature, TimeStamp = '', Nonce = '' }: Record<string, string>,
): string | null {
  if (sign(target.token, TimeStamp, Nonce, Encrypt) !== MsgSignature) return null;
  const key = Buffer.from(`${target.encodingAESKey}=`, 'base64');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const bytes = Buffer.from(Encrypt, 'base64');
  if (bytes.length === 0 || bytes.length % 16 !== 0) return null;
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);
  const plain = padded.subarray(0, padded.length - (padded.at(-1) ?? 0));
  const end = 20 + plain.readUInt32BE(16);
  return plain.subarray(end).toString() === appid ? plain.subarray(20, end).toString() : null;
}

/** A number written in full: message ids are longer than a JavaScript number can hold. */
export class Digits {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function toXml(fields: PushFields): string {
  return `<xml>${Object.entries(fields).map(xmlField).join('')}</xml>`;
}

function xmlField([name, value]: [string, unknown]): string {
  if (Array.isArray(value)) return value.map((item) => xmlField([name, item])).join('');
  if (value instanceof Digits) return `<${name}>${value.text}</${name}>`;
  if (typeof value === 'number') return `<${name}>${value}</${name}>`;
  if (typeof value === 'object' && value !== null) {
    return `<${name}>${Object.entries(value).map(xmlField).join('')}</${name}>`;
  }
  // A CDATA section cannot hold its own end; the platform splits it in the same way.
  const text = String(value ?? '').replaceAll(']]>', ']]]]><![CDATA[>');
  return `<${name}><![CDATA[${text}]]></${name}>`;
}

function toJson(fields: PushFields): string {
  const long: string[] = [];
  const json = JSON.stringify(fields, (_key, value: unknown) => {
    if (!(value instanceof Digits)) return value;
    long.push(value.text);
    return `\u0000${long.length - 1}\u0000`;
  });
  return json.replaceAll(/"\\u0000(\d+)\\u0000"/g, (_whole, at: string) => long[Number(at)] ?? '0');
}
