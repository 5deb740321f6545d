/** When an account's grant ends for good, and which warning is due. Pure. */

const hourMs = 3_600_000;

/** The latest that was crossed counts: a warning that nobody could send in time is not sent late. */
export const warnings = [
  { key: '1h', ms: hourMs, zh: '不到 1 小时', en: 'less than an hour' },
  { key: '24h', ms: 24 * hourMs, zh: '不到 24 小时', en: 'less than a day' },
  { key: '7d', ms: 7 * 24 * hourMs, zh: '不到 7 天', en: 'less than seven days' },
] as const;
export type Warning = (typeof warnings)[number];

/** Until when warnings look ahead. */
export const horizonMs = 7 * 24 * hourMs;

/**
 * The moment from which a person is needed. A grant that renews itself ends with its renewals; while renewing fails nobody
 * may count on that, so that its own end stands.
 */
export function grantEnd(grant: {
  expiresAt: Date | null;
  renews: boolean;
  renewableUntil: Date | null;
  renewFails: boolean;
}): Date | null {
  if (!grant.renews || grant.renewFails) return grant.expiresAt;
  return grant.renewableUntil;
}

export function dueWarning(end: Date | null, now: Date): Warning | null {
  if (!end) return null;
  const left = end.getTime() - now.getTime();
  if (left <= 0) return null;
  return warnings.find(({ ms }) => left <= ms) ?? null;
}
