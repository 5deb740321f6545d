/** Class and owner of a case, set by people. Each writes the log and the audit; other steps are in take-step.ts. */
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import type { NoticeTarget } from '#server/modules/notices/index.ts';
import { listColleaguesOf, listHoldersOf, listUnitsOf } from '#server/modules/people/index.ts';
import { loadCalendar } from '#server/modules/planning/index.ts';
import { type CaseKind, type CaseState, caseStateLabels } from '#shared/inbox.ts';
import { may, roles } from '#shared/people.ts';
import { loadSettings } from '../settings/store.ts';
import { deriveDeadline, rangeOf } from './deadline.ts';
import { isOfSection } from './handlers.ts';
import { type CaseChange, findCaseForChange, insertEvent, listEvents, updateCase } from './store.ts';
import { tellColleagues } from './tell-colleagues.ts';
import type { CaseField } from './words.ts';

/** Roles that may be given a case: who holds none of them could not answer it. */
const answeringRoles = roles.filter((role) => may([role], 'inbox.answer'));

type Changed = {
  event: string;
  change: CaseChange;
  detail: Record<string, unknown>;
  audit: Record<string, unknown>;
};

/** @throws {AppError} not-found, state-conflict when the case is closed */
async function lockUnclosed(tx: Tx, bureauId: string, caseId: string) {
  const found = await findCaseForChange(tx, bureauId, caseId);
  if (!found) throw new AppError('not-found');
  if (found.state === 'closed') {
    throw new AppError('state-conflict', { state: caseStateLabels[found.state as CaseState].zh });
  }
  return found;
}

async function write(app: App, tx: Tx, actor: Actor, caseId: string, changed: Changed): Promise<void> {
  const { event, change, detail, audit } = changed;
  const { bureauId } = actor;
  await updateCase(tx, bureauId, caseId, change);
  await insertEvent(tx, { bureauId, caseId }, event, { actorId: actor.personId, detail });
  await record(tx, actor, `case.${event}`, { kind: 'case', id: caseId }, audit);
  app.live.changed(tx, bureauId, 'cases');
}

export async function classifyCaseIn(
  app: App,
  tx: Tx,
  actor: Actor,
  caseId: string,
  given: { kind: CaseKind; field: CaseField | null },
): Promise<void> {
  const found = await lockUnclosed(tx, actor.bureauId, caseId);
  const log = await listEvents(tx, actor.bureauId, caseId);
  const range = rangeOf(log);
  const calendar = await loadCalendar(tx, actor.bureauId, range.from, range.to);
  const workingDays = (await loadSettings(tx, actor.bureauId)).settings.levels[given.kind];
  const next = { event: 'classified', at: now(), detail: { ...given, workingDays } };
  const { dueAt } = deriveDeadline([...log, next], calendar);
  // While the clock stands still there is no deadline to show.
  const due = found.paused_at ? null : dueAt;
  const before = { kind: found.kind, field: found.field };
  const detail = { ...given, workingDays, before, dueAt: due?.toISOString() ?? null };
  await write(app, tx, actor, caseId, {
    event: 'classified',
    change: { ...given, due_at: due },
    detail,
    audit: detail,
  });
}

/** @throws {AppError} input-invalid when the unit is not of this bureau, or the person could not answer */
export async function assignCaseIn(
  app: App,
  tx: Tx,
  actor: Actor,
  caseId: string,
  given: { unitId: string; ownerId: string | null; note: string },
): Promise<void> {
  const found = await lockUnclosed(tx, actor.bureauId, caseId);
  const { unitId, ownerId, note } = given;
  const units = await listUnitsOf(tx, actor.bureauId);
  if (!units.some((unit) => unit.id === unitId)) {
    throw new AppError('input-invalid', { problem: '没有这个科室 / there is no such section' });
  }
  if (ownerId !== null && !(await mayOwn(tx, actor.bureauId, ownerId))) {
    throw new AppError('input-invalid', { problem: '这个人不能办理留言 / this person cannot answer cases' });
  }
  const before = { unitId: found.unit_id, ownerId: found.owner_id };
  await write(app, tx, actor, caseId, {
    event: 'assigned',
    change: { unit_id: unitId, owner_id: ownerId, assigned_at: now(), triage_due_at: null },
    detail: { unitId, ownerId, note, before },
    // The note may speak of the citizen: it stays out of the audit log.
    audit: { unitId, ownerId, before },
  });
  const to: NoticeTarget = ownerId === null ? { kind: 'unit', id: unitId } : { kind: 'person', id: ownerId };
  await tellColleagues(app, tx, actor, found, { event: 'assigned', to: [to] });
}

/**
 * Gives a case to a colleague of the section that has it. How long the section may hand it back does not begin anew.
 * @throws {AppError} case-of-others for people of other sections; input-invalid when the colleague is not of this one,
 *   or could not answer
 */
export async function passCaseIn(
  app: App,
  tx: Tx,
  actor: Actor,
  caseId: string,
  { ownerId, note }: { ownerId: string; note: string },
): Promise<void> {
  const { bureauId } = actor;
  const found = await lockUnclosed(tx, bureauId, caseId);
  if (!isOfSection(actor, found)) throw new AppError('case-of-others');
  const unitId = found.unit_id!;
  const colleague = (await listColleaguesOf(tx, bureauId)).find(({ id }) => id === ownerId);
  const answers = colleague?.memberships.some(
    (one) => one.unitId === unitId && may([one.role], 'inbox.answer'),
  );
  if (!answers || colleague?.disabled) {
    const problem = '只能交给本科室能办理留言的同事 / only to a colleague of this section who answers cases';
    throw new AppError('input-invalid', { problem });
  }
  const before = { unitId, ownerId: found.owner_id };
  await write(app, tx, actor, caseId, {
    event: 'assigned',
    change: { owner_id: ownerId },
    detail: { unitId, ownerId, note, before },
    audit: { unitId, ownerId, before },
  });
  const to: NoticeTarget = { kind: 'person', id: ownerId };
  await tellColleagues(app, tx, actor, found, { event: 'assigned', to: [to] });
}

async function mayOwn(tx: Tx, bureauId: string, personId: string): Promise<boolean> {
  for (const role of answeringRoles) {
    if ((await listHoldersOf(tx, bureauId, role)).some((holder) => holder.id === personId)) return true;
  }
  return false;
}
