/**
 * The signature that every call of the open interface carries, and that pushes carry too. Source: the platform's page
 * on signing and its demonstration programs; tests/fixtures/bilibili/request.signature.json.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The platform drops calls whose time is further off. */
export const CLOCK_SKEW_MS = 10 * 60_000;

const signed = [
  'x-bili-accesskeyid',
  'x-bili-content-md5',
  'x-bili-signature-method',
  'x-bili-signature-nonce',
  'x-bili-signature-version',
  'x-bili-timestamp',
] as const;

type Signed = Record<(typeof signed)[number], string>;

export const md5 = (body: string | Buffer): string => createHash('md5').update(body).digest('hex');

/** Hex HMAC over the six lines in the order of their names, without a newline at the end. */
export function signatureOf(secret: string, headers: Signed): string {
  const text = signed.map((name) => `${name}:${headers[name]}`).join('\n');
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** @param body what is hashed: `''` for GET and for multipart, whose files are left out of the hash */
export function signCall(call: {
  accessKey: string;
  secret: string;
  accessToken: string;
  body: string;
  nonce: string;
  now: Date;
}): Record<string, string> {
  const headers: Signed = {
    'x-bili-accesskeyid': call.accessKey,
    'x-bili-content-md5': md5(call.body),
    'x-bili-signature-method': 'HMAC-SHA256',
    'x-bili-signature-nonce': call.nonce,
    'x-bili-signature-version': '2.0',
    'x-bili-timestamp': String(Math.floor(call.now.getTime() / 1000)),
  };
  return {
    accept: 'application/json',
    'access-token': call.accessToken,
    ...headers,
    authorization: signatureOf(call.secret, headers),
  };
}

/** True when the headers were signed with this secret over this body, by this application and lately. */
export function isSigned(
  credentials: { accessKey: string; secret: string },
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  now: Date,
): boolean {
  const given = Object.fromEntries(signed.map((name) => [name, headers[name] ?? ''])) as Signed;
  if (!credentials.secret || given['x-bili-accesskeyid'] !== credentials.accessKey) return false;
  if (given['x-bili-content-md5'] !== md5(body)) return false;
  const seconds = Number(given['x-bili-timestamp'] || Number.NaN);
  if (!(Math.abs(now.getTime() - seconds * 1000) <= CLOCK_SKEW_MS)) return false;
  const ours = Buffer.from(signatureOf(credentials.secret, given), 'hex');
  const theirs = Buffer.from(headers.authorization ?? '', 'hex');
  return theirs.length === ours.length && timingSafeEqual(ours, theirs);
}
