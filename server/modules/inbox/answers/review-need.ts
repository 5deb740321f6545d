import type { InboxSettings } from '#shared/inbox-settings.ts';

/** Whether somebody must approve an answer to this case before it goes out. */
export function needsReview(
  wanted: InboxSettings['answerReview'],
  of: { kind: string; field: string | null; urgency: string },
): boolean {
  const among = (list: readonly string[], value: string | null) => value !== null && list.includes(value);
  return (
    among(wanted.kinds, of.kind) || among(wanted.fields, of.field) || among(wanted.urgencies, of.urgency)
  );
}
