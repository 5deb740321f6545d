/** Which automatic words answer a message at once, if any. Pure: the same message at the same time gets the same words. */
import { wallDate, wallTime } from '#server/base/clock.ts';
import { addWorkingDays, describeDay, type WorkingCalendar } from '#server/modules/planning/index.ts';
import { caseWorkingDays } from '#shared/inbox.ts';
import type { InboxSettings } from '#shared/inbox-settings.ts';
import { findAlarm } from '../cases/alarm.ts';
import { classify, isCourtesy } from '../cases/classify.ts';

export type Automatic = { ruleId: string; text: string; follow: string };
type Ground = { settings: InboxSettings; calendar: WorkingCalendar };

/** Fields in which a machine's words would only hurt. */
const personsOnly = new Set(['维权/欠薪', '劳动监察']);
const byMachine = '【自动回复】';

/**
 * @returns the rule's words, and the sentence that says by when a person follows; null: a person answers, and nothing is
 *   said before
 */
export function chooseAutomatic({ settings, calendar }: Ground, said: string, at: Date): Automatic | null {
  const { automatic, dutyWords, levels } = settings;
  const plain = said.replaceAll(/\s+/g, '');
  if (!automatic.on || plain === '' || isCourtesy(said)) return null;
  const { kind, field } = classify(said);
  // Wages, injury, danger: whoever is on duty is called, and no machine speaks first.
  if (findAlarm(said, { kind, field }, dutyWords) || dutyWords.some((word) => plain.includes(word)))
    return null;
  if (field !== null && personsOnly.has(field)) return null;
  const outside = isOutside(automatic.hours, calendar, at);
  const rule = automatic.rules.find(
    (one) => one.on && (!one.outsideOnly || outside) && matches(one.words, plain),
  );
  if (!rule) return null;
  const days = levels[kind] ?? caseWorkingDays.consult;
  const { due } = addWorkingDays(calendar, wallDate(at), days);
  const follow = `${byMachine}工作人员会在 ${days} 个工作日内（${sayDay(due)}前）人工答复您。`;
  return { ruleId: rule.id, text: rule.text, follow };
}

/**
 * What the key of a menu button says, at any hour and however often it is pressed.
 * @returns null when no rule has this very key: then it is a message like any other
 */
export function chooseForMenu({ automatic, levels }: InboxSettings, key: string): string | null {
  if (!automatic.on) return null;
  const rule = automatic.rules.find((one) => one.on && one.words.includes(key.trim()));
  if (!rule) return null;
  return `${rule.text}\n${byMachine}要找工作人员，请直接留言，我们会在 ${levels.consult} 个工作日内人工答复。`;
}

/** No words: every message. A key of one or two signs ("1", "社保") must be all that was said. */
function matches(words: readonly string[], plain: string): boolean {
  if (words.length === 0) return true;
  return words.some((word) => ([...word].length <= 2 ? plain === word : plain.includes(word)));
}

/** By the wall clock and the working calendar: a Saturday that is worked is none, a holiday in the week is one. */
function isOutside(hours: { from: string; to: string }, calendar: WorkingCalendar, at: Date): boolean {
  const time = wallTime(at).slice(11, 16);
  return !describeDay(calendar, wallDate(at)).works || time < hours.from || time >= hours.to;
}

function sayDay(day: string): string {
  const [, month, date] = day.split('-').map(Number);
  return `${month}月${date}日下班`;
}
