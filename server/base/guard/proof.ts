/**
 * Proof of work in place of a picture puzzle: the browser looks for a number while the person writes. It prices robots, it
 * does not stop them, so that rates stand beside it; and who has no script is slower, not shut out.
 */
import { createChallenge, verifySolution } from 'altcha-lib/v1';
import { sql } from 'kysely';
import type { App } from '../app.ts';
import { now } from '../clock.ts';
import type { Tx } from '../database.ts';

/** On average half of them are tried: about a second on a phone of 2018, 0.1 s on a desk. */
const largestNumber = 40_000;
/** A form is written within this time, or the page asks anew. */
const lifeMs = 2 * 3_600_000;

export type Challenge = {
  algorithm: string;
  challenge: string;
  maxnumber: number;
  salt: string;
  signature: string;
};

const keyOf = (app: Pick<App, 'sealer'>) => app.sealer.derive('public proofs').toString('hex');

export async function createProof(app: Pick<App, 'sealer'>): Promise<Challenge> {
  const made = await createChallenge({
    hmacKey: keyOf(app),
    maxnumber: largestNumber,
    expires: new Date(now().getTime() + lifeMs),
  });
  return { ...made, maxnumber: largestNumber };
}

/**
 * Checks a solution (base64 of JSON, as the page sends it) and uses it up: the library takes the same one again and again,
 * the table of spent ones does not. False for a wrong, old, repeated or missing one.
 */
export async function takeProof(
  app: Pick<App, 'sealer'>,
  tx: Tx,
  solution: string | undefined,
): Promise<boolean> {
  const signature = readSignature(solution);
  if (!signature || !(await verifySolution(solution!, keyOf(app)).catch(() => false))) return false;
  const { rows } = await sql`
    insert into spent_proofs (signature, expires_at)
    values (${signature}, clock_timestamp() + make_interval(secs => ${lifeMs / 1000}))
    on conflict do nothing returning 1`.execute(tx);
  return rows.length === 1;
}

function readSignature(solution: string | undefined): string | null {
  if (!solution || solution.length > 2_000) return null;
  try {
    const { signature } = JSON.parse(Buffer.from(solution, 'base64').toString()) as { signature?: unknown };
    return typeof signature === 'string' && /^[0-9a-f]{64}$/.test(signature) ? signature : null;
  } catch {
    return null;
  }
}
