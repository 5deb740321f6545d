import { z } from 'zod';
import { AccountAbility, Grant } from './abilities.ts';
import { type Text, text } from './lang.ts';
import { DeliveryMode, Reach } from './package.ts';
import { route } from './route.ts';

export const accountStates = ['active', 'paused', 'sign-in-again', 'closed'] as const;
export const AccountState = z.enum(accountStates);
export type AccountState = z.infer<typeof AccountState>;
export const accountStateLabels = {
  active: text('正常', 'Active'),
  paused: text('已暂停', 'Paused'),
  'sign-in-again': text('需重新授权', 'Sign in again'),
  closed: text('已关停', 'Closed'),
} as const satisfies Record<AccountState, Text>;

const Label = z.object({ zh: z.string(), en: z.string() });

export const Account = z.object({
  id: z.uuid(),
  unitId: z.uuid(),
  unitName: z.string(),
  name: z.string(),
  platform: z.string(),
  platformName: Label,
  mode: DeliveryMode,
  reaches: z.array(Reach),
  state: AccountState,
  stateReason: z.string().nullable(),
  settings: z.record(z.string(), z.string()),
  /** Which secrets are set; their values are never shown. */
  secretsSet: z.array(z.string()),
  /** What the connector can do: asked by screens instead of the platform's name. */
  capabilities: z.array(
    z.enum([
      'publish',
      'hand-off',
      'comments',
      'messages',
      'push-message',
      'push-mention',
      'push-delivery',
      'push-revoked',
      'sign-in',
      'probe',
      'quota',
    ]),
  ),
  /** Where the platform must push to; null where it does not. */
  pushUrl: z.string().nullable(),
  /** Longest answer to a comment or message; null where the platform takes none. */
  replyLimit: z.number().int().nullable(),
  credentialsExpireAt: z.iso.datetime().nullable(),
  /** Until when calls wait (platform limit or breaker), and why. */
  heldUntil: z.iso.datetime().nullable(),
  heldReason: z.string().nullable(),
  /** What this very account can do; never more than somebody learned. */
  abilities: z.record(AccountAbility, Grant),
  /** The last time the account was asked, and what it said; null when never. */
  probe: z
    .object({
      at: z.iso.datetime(),
      result: z.string(),
      code: z.string().nullable(),
      notes: z.array(z.string()),
    })
    .nullable(),
  /** The grant is made longer without a person, as long as it can be. */
  renews: z.boolean(),
  renewableUntil: z.iso.datetime().nullable(),
  /** Why the last try to renew was put off; null while renewing works. */
  renewError: z.string().nullable(),
  /** When a person must have granted access again; null where nothing ends or nobody knows. */
  grantEndsAt: z.iso.datetime().nullable(),
});
export type Account = z.infer<typeof Account>;

export const PlatformView = z.object({
  id: z.string(),
  name: Label,
  mode: DeliveryMode,
  fields: z.array(
    z.object({
      key: z.string(),
      kind: z.enum(['setting', 'secret']),
      required: z.boolean(),
      label: Label,
      pattern: z.string().nullable(),
    }),
  ),
  canSignIn: z.boolean(),
  canProbe: z.boolean(),
});
export type PlatformView = z.infer<typeof PlatformView>;

const AccountParams = z.object({ accountId: z.uuid() });

export const listAccounts = route({
  method: 'GET',
  path: '/api/accounts',
  access: 'account.read',
  summary: 'Accounts of the matrix.',
  reply: z.array(Account),
});

export const listPlatforms = route({
  method: 'GET',
  path: '/api/platforms',
  access: 'account.read',
  summary: 'Platforms this program can serve, with the fields an account needs.',
  reply: z.array(PlatformView),
});

export const createAccount = route({
  method: 'POST',
  path: '/api/accounts',
  access: 'account.manage',
  summary: 'Register an account.',
  body: z.object({
    platform: z.string().max(40),
    name: z.string().trim().min(1).max(60),
    unitId: z.uuid(),
    settings: z.record(z.string(), z.string().max(500)),
    secrets: z.record(z.string(), z.string().max(2_000)),
  }),
  reply: z.object({ id: z.uuid() }),
});

export const updateAccount = route({
  method: 'PUT',
  path: '/api/accounts/:accountId',
  access: 'account.manage',
  summary: 'Change settings, secrets (only those sent) or state of an account.',
  params: AccountParams,
  body: z.object({
    name: z.string().trim().min(1).max(60).optional(),
    state: z.enum(['active', 'paused', 'closed']).optional(),
    reason: z.string().trim().max(200).default(''),
    settings: z.record(z.string(), z.string().max(500)).optional(),
    secrets: z.record(z.string(), z.string().max(2_000)).optional(),
  }),
  reply: z.object({ ok: z.literal(true) }),
});

export const beginSignIn = route({
  method: 'POST',
  path: '/api/accounts/:accountId/sign-in',
  access: 'account.manage',
  summary: 'Where to send the browser so that the platform grants access to this account.',
  params: AccountParams,
  reply: z.object({ authorizeUrl: z.string() }),
});

export const probeAccount = route({
  method: 'POST',
  path: '/api/accounts/:accountId/probe',
  access: 'account.manage',
  summary: 'Ask the worker to check the credentials; the result shows in the account state.',
  params: AccountParams,
  reply: z.object({ ok: z.literal(true) }),
});
