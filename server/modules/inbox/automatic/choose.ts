/** Which automatic words answer a message at once, if any. Pure: the same message at the same time gets the same words. */
import { wallTime } from '#server/base/clock.ts';
import { caseWorkingDays } from '#shared/inbox.ts';
import type { InboxSettings } from '#shared/inbox-settings.ts';
import { classify, isCourtesy } from '../cases/classify.ts';

export type Automatic = { ruleId: string; text: string };

/** Fields in which a machine's words would only hurt. */
const personsOnly = new Set(['维权/欠薪', '劳动监察']);

/** Null: a person answers, and nothing is said before. */
export function chooseAutomatic(settings: InboxSettings, said: string, at: Date): Automatic | null {
  const { automatic, dutyWords, levels } = settings;
  const plain = said.replaceAll(/\s+/g, '');
  if (!automatic.on || plain === '' || isCourtesy(said)) return null;
  // Wages, injury, danger: whoever is on duty is called, and no machine speaks first.
  if (dutyWords.some((word) => plain.includes(word))) return null;
  const { kind, field } = classify(said);
  if (field !== null && personsOnly.has(field)) return null;
  const outside = isOutside(automatic.hours, at);
  const rule = automatic.rules.find(
    (one) => one.on && (!one.outsideOnly || outside) && matches(one.words, plain),
  );
  if (!rule) return null;
  const days = levels[kind] ?? caseWorkingDays.consult;
  return { ruleId: rule.id, text: `${rule.text}\n【自动回复】工作人员会在 ${days} 个工作日内人工答复您。` };
}

/** No words: every message. A key of one or two signs ("1", "社保") must be all that was said. */
function matches(words: readonly string[], plain: string): boolean {
  if (words.length === 0) return true;
  return words.some((word) => ([...word].length <= 2 ? plain === word : plain.includes(word)));
}

/** By the wall clock, Monday to Friday: whoever writes on a day off in the middle of the week is answered as on any other. */
function isOutside({ from, to }: { from: string; to: string }, at: Date): boolean {
  const wall = wallTime(at);
  const weekday = new Date(`${wall.slice(0, 10)}T00:00:00Z`).getUTCDay();
  const time = wall.slice(11, 16);
  return weekday === 0 || weekday === 6 || time < from || time >= to;
}
