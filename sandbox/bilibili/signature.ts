/** The header signature, written from the platform's page on signing. */
import { createHash, createHmac } from 'node:crypto';

export const md5 = (body: string): string => createHash('md5').update(body).digest('hex');

export type SignedHeaders = Record<string, string>;

export function sign(
  accessKey: string,
  secret: string,
  given: { body: string; nonce: string; ms: number },
): SignedHeaders {
  const headers: SignedHeaders = {
    'x-bili-accesskeyid': accessKey,
    'x-bili-content-md5': md5(given.body),
    'x-bili-signature-method': 'HMAC-SHA256',
    'x-bili-signature-nonce': given.nonce,
    'x-bili-signature-version': '2.0',
    'x-bili-timestamp': String(Math.floor(given.ms / 1000)),
  };
  return { ...headers, authorization: signatureOf(secret, headers) };
}

/** Over the `x-bili-` lines in the order of their names. */
export function signatureOf(secret: string, headers: SignedHeaders): string {
  const lines = Object.keys(headers)
    .filter((name) => name.startsWith('x-bili-'))
    .toSorted()
    .map((name) => `${name}:${headers[name]}`);
  return createHmac('sha256', secret).update(lines.join('\n')).digest('hex');
}
