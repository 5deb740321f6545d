/** What an account may still do: limits that its platform is known to have, and how far they are used from here. */
import { z } from 'zod';
import { Reach } from './package.ts';
import { route } from './route.ts';

/** Counted over a moving window by the program itself. */
export const LimitLeft = z.object({
  counts: z.enum(['posts', 'calls']),
  most: z.number().int(),
  left: z.number().int(),
  windowMs: z.number().int(),
  /** When the next one is free; null while something is left. */
  freeAt: z.iso.datetime().nullable(),
});
export type LimitLeft = z.infer<typeof LimitLeft>;

/** By the calendar. What was sent on the platform itself nobody tells: `used` and `planned` are those from here. */
export const ReachLeft = z.object({
  reach: Reach,
  per: z.enum(['day', 'month']),
  most: z.number().int(),
  used: z.number().int(),
  planned: z.number().int(),
});
export type ReachLeft = z.infer<typeof ReachLeft>;

export const AccountQuota = z.object({
  accountId: z.uuid(),
  limits: z.array(LimitLeft),
  reaches: z.array(ReachLeft),
});
export type AccountQuota = z.infer<typeof AccountQuota>;

export const listQuotas = route({
  method: 'GET',
  path: '/api/account-quotas',
  access: 'delivery.read',
  summary: 'What is left of known limits, by account; accounts whose platform names none are absent.',
  reply: z.object({ rows: z.array(AccountQuota) }),
});
