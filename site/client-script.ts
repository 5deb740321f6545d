import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The enhancement script, inlined: its hash in the policy allows these bytes and no others. */
export const script = readFileSync(new URL('./client/enhance.js', import.meta.url), 'utf8')
  .replace(/^\s*\/\/.*\n/gm, '')
  .replace(/\n\s*/g, '\n');
export const scriptHash = `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
