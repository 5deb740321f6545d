import { sha256 } from '#server/base/canonical.ts';
import { newCode } from '#server/base/ids.ts';

const count = 10;
const length = 16;

/** Ten codes of 80 random bits in four groups: too many bits to be guessed from their hashes. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: count }, () => newCode(length).replace(/(.{4})(?=.)/g, '$1-'));
}

/** As a person may type it: with or without dashes, in either case, O for 0. Null when it cannot be one. */
export function hashRecoveryCode(typed: string): Buffer | null {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\u2010-\u2015-]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  return new RegExp(`^[0-9A-HJKMNP-TV-Z]{${length}}$`).test(code) ? sha256(code) : null;
}
