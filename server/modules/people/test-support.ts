/** People with second factors, as tests need them. */
import { sql } from 'kysely';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import { beginSecondFactor, confirmSecondFactor } from '#shared/my-account.ts';
import type { Client } from '#tests/support/client.ts';
import { codeAt, stepAt } from './second-factor/totp.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** What the authenticator app shows now, or so many steps away. */
export const codeOf = (secret: string, away = 0): string => codeAt(fromBase32(secret), stepAt(now()) + away);

/** A code that is right at no near moment. */
export function wrongCodeOf(secret: string): string {
  const near = [-3, -2, -1, 0, 1, 2, 3].map((away) => codeOf(secret, away));
  return ['000000', '111111', '222222', '333333', '444444', '555555', '666666', '777777'].find(
    (code) => !near.includes(code),
  )!;
}

/** Scans and confirms; codes that were used may be used again, as if half a minute had passed. */
export async function setUpFactor(
  app: App,
  client: Client,
  password: string,
): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret } = await client.call(beginSecondFactor, { body: { password } });
  const { recoveryCodes } = await client.call(confirmSecondFactor, { body: { code: codeOf(secret) } });
  await forgetSteps(app);
  return { secret, recoveryCodes };
}

/** Lets the next half minute come at once. */
export async function forgetSteps(app: App): Promise<void> {
  await app.database.withWorker((tx) => sql`update second_factors set last_step = 0`.execute(tx));
}
