import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts';
import {
  confirmPending,
  findFactor,
  findPending,
  replaceCodes,
  savePending,
  takeRecoveryCode,
  takeStep,
} from './store.ts';
import { describeSecret, findStep, newSecret, toBase32 } from './totp.ts';

/** Time between showing a secret and its first code. */
const pendingMinutes = 15;

/** A person's secrets are sealed under a key of their own: they belong to no bureau. */
const placeOf = (personId: string) => ({
  bureauId: personId,
  table: 'second_factors',
  row: personId,
  column: 'secret',
});

/**
 * Takes a code of the authenticator or a recovery code; either is used up when the transaction commits. Attempts must be
 * counted before, in a transaction of their own. In the worker's role.
 * @returns which of the two it was; null when it is neither, or was used
 */
export async function takeCode(
  app: App,
  tx: Tx,
  personId: string,
  typed: string,
): Promise<'authenticator' | 'recovery-code' | null> {
  const digits = typed.normalize('NFKC').replace(/\s/g, '');
  if (!/^\d{6}$/.test(digits)) {
    const hash = hashRecoveryCode(typed);
    return hash && (await takeRecoveryCode(tx, personId, hash)) ? 'recovery-code' : null;
  }
  const factor = await findFactor(tx, personId);
  if (!factor) return null;
  const secret = app.sealer.open(placeOf(personId), factor.sealedSecret);
  const step = findStep(secret, digits, await clockOf(tx), factor.lastStep);
  return step !== null && (await takeStep(tx, personId, step)) ? 'authenticator' : null;
}

/** A new secret, shown once; what is in force stays until the first code confirms this one. */
export async function beginFactor(
  app: App,
  tx: Tx,
  who: { personId: string; login: string; issuer: string },
): Promise<{ secret: string; uri: string }> {
  const secret = newSecret();
  await savePending(tx, who.personId, app.sealer.seal(placeOf(who.personId), secret));
  return { secret: toBase32(secret), uri: describeSecret(secret, who) };
}

/** @throws {AppError} second-factor-wrong; input-invalid when nothing waits to be confirmed */
export async function confirmFactor(app: App, tx: Tx, personId: string, typed: string): Promise<string[]> {
  const sealed = await findPending(tx, personId, pendingMinutes);
  if (!sealed)
    throw new AppError('input-invalid', {
      problem: '二维码已失效，请重新生成 / the QR code has expired: make a new one',
    });
  const secret = app.sealer.open(placeOf(personId), sealed);
  const code = typed.normalize('NFKC').replace(/\s/g, '');
  const step = findStep(secret, code, await clockOf(tx), 0);
  if (step === null) throw new AppError('second-factor-wrong');
  await confirmPending(tx, personId, step);
  return renewCodes(tx, personId);
}

export async function renewCodes(tx: Tx, personId: string): Promise<string[]> {
  const codes = newRecoveryCodes();
  await replaceCodes(
    tx,
    personId,
    codes.map((code) => hashRecoveryCode(code)!),
  );
  return codes;
}
