/**
 * Looks at cases whose time has come and tells who must know. What is due is asked of the database's clock; a step is
 * told once for each deadline, because its row is the claim.
 */
import { systemActor } from '#server/base/actor.ts';
import { tryRow } from '#server/base/apart.ts';
import type { App } from '#server/base/app.ts';
import { wallDate, wallTime } from '#server/base/clock.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { record } from '#server/modules/audit/index.ts';
import { type NoticeTarget, notify } from '#server/modules/notices/index.ts';
import { addDays, loadCalendar } from '#server/modules/planning/index.ts';
import { type CaseKind, caseKindLabels } from '#shared/inbox.ts';
import type { Text } from '#shared/lang.ts';
import type { NoticeKind } from '#shared/notices.ts';
import { type CaseEvent, deriveDeadline, findStart, rangeOf } from '../cases/deadline.ts';
import { findOnDuty } from '../cases/dispatch.ts';
import { insertEvent, listEvents } from '../cases/store.ts';
import { whoHas } from '../cases/who-hears.ts';
import { findWindow } from '../cases/window-store.ts';
import { loadSettings } from '../settings/store.ts';
import { isOfficeTime, planReminders, type Reminder, type ReminderStep, reminderSteps } from './plan.ts';
import { claimReminders, type DueCase, lockDueCases, setNextReminder } from './store.ts';

const atOnce = 50;
/** A case that cannot be reckoned (settings of its bureau that no longer hold) is looked at again after that long. */
const afterFaultMs = 3_600_000;

/** @returns how many cases were looked at; a full batch means that more may wait */
export async function remindDue(app: App): Promise<{ count: number; more: boolean }> {
  return app.database.withWorker(async (tx) => {
    const due = await lockDueCases(tx, atOnce);
    const at = await clockOf(tx);
    for (const one of due) {
      const tried = await tryRow(tx, () => remindOf(app, tx, one, at));
      if ('done' in tried) continue;
      const { bureau_id: bureauId, id: caseId } = one;
      log.error(
        { bureauId, caseId, error: tried.error.message },
        'a case was not reminded of; trying again later',
      );
      await setNextReminder(tx, one, new Date(at.getTime() + afterFaultMs));
    }
    return { count: due.length, more: due.length === atOnce };
  });
}

async function remindOf(app: App, tx: Tx, found: DueCase, at: Date): Promise<void> {
  const events = await listEvents(tx, found.bureau_id, found.id);
  if (!events.some(({ event }) => event === 'received')) {
    // A log that does not begin has no clock; one such case must not hold up the others.
    log.warn({ caseId: found.id }, 'the log of a case does not say when it was received: no reminders');
    return setNextReminder(tx, found, null);
  }
  const { settings } = await loadSettings(tx, found.bureau_id);
  const range = rangeOf(events);
  // Five working days beyond the deadline, with a long holiday in between.
  const calendar = await loadCalendar(tx, found.bureau_id, range.from, addDays(range.to, 30));
  const plan = planReminders(
    {
      ...{ state: found.state, waitsSince: findStart(events), triageDueAt: found.triage_due_at },
      deadline: found.paused_at ? null : deriveDeadline(events, calendar, at),
      pausedAt: found.paused_at,
      window: found.state === 'open' ? await findWindow(tx, found.bureau_id, found.id) : null,
      dispatchedAt: findDispatch(events),
      alarms: events.filter(({ event }) => event === 'duty-called').map((one) => one.at),
    },
    settings.warnAt,
    calendar,
  );
  const past = plan.filter((reminder) => reminder.at <= at);
  const claimed = await claimReminders(tx, found, past);
  // After a time without the program only the gravest is told; the rest counts as told with it.
  const rank = ({ step }: { step: ReminderStep }) => reminderSteps.indexOf(step);
  const [gravest, ...rest] = claimed.toSorted((a, b) => rank(b) - rank(a));
  const duty = rest.find(({ step }) => step === 'duty');
  const closed = isOfficeTime(at, calendar) ? null : { onDuty: findOnDuty(settings.duty, wallDate(at)) };
  for (const one of [duty, gravest]) if (one) await tell(app, tx, found, { events, closed }, one);
  await setNextReminder(tx, found, plan.find((reminder) => reminder.at > at)?.at ?? null);
}

/** What agents share among themselves they see in the list; a section, or whom a rule names, hears of it. */
function findDispatch(events: readonly CaseEvent[]): Date | null {
  const last = events.findLast(({ event }) => event === 'assigned');
  if (!last?.detail.automatic) return null;
  const { unitId, ownerId, rule } = last.detail;
  return (unitId && !ownerId) || (rule && ownerId) ? last.at : null;
}

const stepTexts = {
  assigned: { zh: '已分给您或您的科室，请办理', en: 'came to you or your section: please answer it' },
  duty: { zh: '反映欠薪、工伤或危险，请马上联系处理', en: 'speaks of wages, injury or danger: act at once' },
  triage: { zh: '还没有分派给科室，请今天分派', en: 'is with no section yet: assign it today' },
  waits: {
    zh: '等群众补充已满 10 个工作日，请联系来信人，或恢复计时、办结',
    en: 'has waited for the person for ten working days: call them, let the clock run on, or close it',
  },
  warn: { zh: '办理时间已过大半，请抓紧答复', en: 'most of its time is spent: answer soon' },
  due: { zh: '今天到期，还没有答复', en: 'is due and not answered' },
  window: {
    zh: '平台只接受答复到 {time}，请在此之前答复',
    en: 'takes an answer on its platform until {time} only',
  },
  'late-1': { zh: '已超期 1 个工作日', en: 'is one working day overdue' },
  'late-5': { zh: '已超期 5 个工作日，请领导督办', en: 'is five working days overdue' },
  'day-60': { zh: '来信人已等 60 天，红色警示', en: 'has waited for sixty days: red alarm' },
  'day-90': {
    zh: '来信人已等 90 天，即将触碰三个月未答复的底线',
    en: 'has waited for ninety days: the hard line',
  },
} as const satisfies Record<ReminderStep, Text>;

const stepKinds = {
  assigned: 'case-assigned',
  duty: 'case-alarm',
  triage: 'work-waiting',
  waits: 'work-waiting',
  warn: 'case-deadline-near',
  due: 'case-overdue',
  window: 'case-deadline-near',
  'late-1': 'case-escalated',
  'late-5': 'case-escalated',
  'day-60': 'case-escalated',
  'day-90': 'case-escalated',
} as const satisfies Record<ReminderStep, NoticeKind>;

const urgent: readonly ReminderStep[] = ['duty', 'late-5', 'day-60', 'day-90'];

type Known = {
  events: readonly CaseEvent[];
  /** Null while the office is open; else whose duty it is, if anybody's. */
  closed: { onDuty: string | null } | null;
};

/**
 * Owner first, then section and administrators, then the leaders (domain §2). Each stands for the next where nobody is left: a
 * step is told once, and must not be told to an empty chair.
 */
function targetsOf(found: DueCase, { events, closed }: Known, step: ReminderStep): NoticeTarget[] {
  const agents: NoticeTarget = { kind: 'role', role: 'agent' };
  const administrators: NoticeTarget = { kind: 'role', role: 'administrator' };
  const leaders: NoticeTarget = { kind: 'role', role: 'leader' };
  const first = (...of: NoticeTarget[]): NoticeTarget => ({ kind: 'first', of });
  const section: NoticeTarget[] = found.unit_id ? [{ kind: 'unit', id: found.unit_id }] : [];
  const unit = first(...section, agents, administrators);
  const owner = whoHas(found);
  const onDuty = events.findLast(({ event }) => event === 'duty-called')?.detail.personId;
  switch (step) {
    case 'duty':
      return typeof onDuty === 'string'
        ? [first({ kind: 'person', id: onDuty }, administrators, agents), owner]
        : [administrators, agents, owner];
    case 'triage':
      return [agents, administrators];
    case 'window':
      if (closed === null) return [owner];
      return closed.onDuty === null
        ? [owner, agents]
        : [first({ kind: 'person', id: closed.onDuty }, agents), owner];
    case 'assigned':
    case 'waits':
    case 'warn':
    case 'due':
      return [owner];
    case 'late-1':
      return [owner, unit, administrators];
    default:
      return [owner, administrators, leaders];
  }
}

async function tell(
  app: App,
  tx: Tx,
  found: DueCase,
  known: Known,
  { step, clock }: Pick<Reminder, 'step' | 'clock'>,
): Promise<void> {
  const { bureau_id: bureauId, id: caseId, number } = found;
  const kind = caseKindLabels[found.kind as CaseKind];
  const words = stepTexts[step];
  const fill = (text: string) => text.replace('{time}', wallTime(clock));
  await notify(app, tx, {
    bureauId,
    to: targetsOf(found, known, step),
    kind: stepKinds[step],
    subject: { kind: 'case', id: caseId },
    text: { zh: `${kind.zh} ${number}：${fill(words.zh)}`, en: `${kind.en} ${number} ${fill(words.en)}` },
    reference: number,
    ...(step === 'window' ? { dueAt: clock } : found.due_at ? { dueAt: found.due_at } : {}),
    link: `/inbox/${caseId}`,
    urgency: urgent.includes(step) ? 'urgent' : 'normal',
    dedupKey: `case:${caseId}:${step}:${clock.getTime()}`,
  });
  // The log names the section where the case was given to it: that says enough.
  if (step !== 'assigned') await insertEvent(tx, { bureauId, caseId }, 'reminded', { detail: { step } });
  await record(tx, systemActor(bureauId), 'case.reminded', { kind: 'case', id: caseId }, { step });
  app.live.changed(tx, bureauId, 'cases');
}
