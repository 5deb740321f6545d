import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The enhancement scripts, inlined: their hashes in the policy allow these bytes and no others. */
export const script = read('enhance');
/** For pages with a form of the inbox, which articles need not carry. */
export const formScript = read('forms');
export const scriptHashes = [script, formScript].map(
  (source) => `'sha256-${createHash('sha256').update(source).digest('base64')}'`,
);

function read(name: string): string {
  return readFileSync(new URL(`./client/${name}.js`, import.meta.url), 'utf8')
    .replace(/^\s*\/\/.*\n/gm, '')
    .replace(/\n\s*/g, '\n');
}
