/**
 * The signed head of the audit chains. Kept elsewhere (another machine, paper), it later proves that nothing was cut off
 * the end: the one thing a chain can't show by itself. Ed25519; the key is derived from the master key, so that there is
 * no second file to lose, and whoever only reaches the database can't sign.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '#server/base/canonical.ts';
import { refusal } from '#server/base/embedded/sentence.ts';
import type { Sealer } from '#server/base/seal.ts';

const Head = z.object({
  bureau: z.uuid(),
  seq: z.number().int().nonnegative(),
  seal: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.iso.datetime(),
});
export type Head = z.infer<typeof Head>;

const Signed = z.object({
  format: z.literal('huisheng-audit-head'),
  formatVersion: z.literal(1),
  heads: z.array(Head),
});
const HeadFile = Signed.extend({ publicKey: z.string(), signature: z.string() });

/** RFC 8410: what stands before the 32 bytes of an Ed25519 private key in PKCS #8. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

function signingKey(sealer: Sealer): KeyObject {
  const der = Buffer.concat([pkcs8Head, sealer.derive('audit head signature')]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

const writeKey = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).toString('base64');

export function signHeads(sealer: Sealer, heads: readonly Head[]): string {
  const key = signingKey(sealer);
  const signed = { format: 'huisheng-audit-head', formatVersion: 1, heads };
  const signature = sign(null, Buffer.from(canonicalJson(signed)), key).toString('base64');
  return `${JSON.stringify({ ...signed, publicKey: writeKey(createPublicKey(key)), signature }, null, 2)}\n`;
}

/** @throws {Error} when the text is no head file, was changed, or another installation signed it */
export function readHeads(sealer: Sealer, text: string): Head[] {
  const file = parseFile(text);
  const { publicKey, signature, ...signed } = file;
  const key = createPublicKey(signingKey(sealer));
  if (publicKey !== writeKey(key)) {
    throw refusal(
      '链头文件不是用本系统的密钥签的。请确认它来自这个系统，且主密钥没有更换。',
      'The head file was signed with another key. Make sure it comes from this installation and the master key is the same.',
    );
  }
  const whole = verify(null, Buffer.from(canonicalJson(signed)), key, Buffer.from(signature, 'base64'));
  if (whole) return file.heads;
  throw refusal(
    '链头文件的签名不符，内容被改动过。',
    'The signature does not match: the head file was changed.',
  );
}

function parseFile(text: string): z.infer<typeof HeadFile> {
  try {
    return HeadFile.parse(JSON.parse(text));
  } catch (error) {
    throw refusal('这不是链头文件，或已损坏。', 'This is no head file, or it is damaged.', error);
  }
}
