/** What a person does with their own account. None of it takes an API token. */
import { z } from 'zod';
import { passwordLength } from './password-rule.ts';
import { route } from './route.ts';

const password = z.string().min(1).max(passwordLength.most);
/** Six digits of the authenticator, or a recovery code. */
const code = z.string().trim().min(1).max(40);
const done = z.object({ ok: z.literal(true) });

export const MyAccount = z.object({
  login: z.string(),
  name: z.string(),
  /** Null while the password is one that the program made. */
  passwordChosenAt: z.iso.datetime().nullable(),
  secondFactor: z.object({ since: z.iso.datetime(), recoveryCodesLeft: z.number().int() }).nullable(),
  /** The policy profile demands a second factor: it can be replaced, not removed. */
  secondFactorRequired: z.boolean(),
});
export type MyAccount = z.infer<typeof MyAccount>;

export const getMyAccount = route({
  method: 'GET',
  path: '/api/me',
  access: 'session',
  beforeDuties: true,
  summary: 'My account: password and second factor.',
  reply: MyAccount,
});

export const changePassword = route({
  method: 'POST',
  path: '/api/me/password',
  access: 'session',
  beforeDuties: true,
  summary: 'Change my password; ends my other sessions.',
  body: z.object({ current: password, next: z.string().min(1).max(1_000) }),
  reply: done,
});

export const beginSecondFactor = route({
  method: 'POST',
  path: '/api/me/second-factor',
  access: 'session',
  beforeDuties: true,
  summary: 'Make a secret for an authenticator; it counts once confirmed within 15 minutes.',
  body: z.object({ password, code: code.optional() }),
  reply: z.object({
    /** Base32, for typing where no camera is at hand. */
    secret: z.string(),
    /** `otpauth://totp/…`, for the QR code. */
    uri: z.string(),
  }),
});

export const confirmSecondFactor = route({
  method: 'POST',
  path: '/api/me/second-factor/confirm',
  access: 'session',
  beforeDuties: true,
  summary:
    'Put the new secret in force by a first code; answers ten recovery codes once, ends my other sessions.',
  body: z.object({ code }),
  reply: z.object({ recoveryCodes: z.array(z.string()) }),
});

export const renewRecoveryCodes = route({
  method: 'POST',
  path: '/api/me/second-factor/recovery-codes',
  access: 'session',
  summary: 'Ten new recovery codes; the old ones are void.',
  body: z.object({ password, code }),
  reply: z.object({ recoveryCodes: z.array(z.string()) }),
});

export const removeSecondFactor = route({
  method: 'POST',
  path: '/api/me/second-factor/remove',
  access: 'session',
  summary: 'Do without a second factor, where the policy profile leaves it to me.',
  body: z.object({ password, code }),
  reply: done,
});
