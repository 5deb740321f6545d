import { getConnector } from '#connectors/registry.ts';
import type { Actor } from '#server/base/actor.ts';
import { now, wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { listAccountRows } from '#server/modules/accounts/index.ts';
import { findPeopleNames, listUnitsOf } from '#server/modules/people/index.ts';
import { loadCalendar, numberWorkingDays } from '#server/modules/planning/index.ts';
import type { CaseRow } from '#shared/inbox.ts';
import { seesPerson } from './handlers.ts';
import type { CaseListRow } from './read-store.ts';

export type Names = {
  accounts: ReadonlyMap<string, { name: string; platform: string }>;
  units: ReadonlyMap<string, string>;
  people: ReadonlyMap<string, string>;
};

export async function loadNames(
  tx: Tx,
  bureauId: string,
  personIds: readonly (string | null)[],
): Promise<Names> {
  const accounts = await listAccountRows(tx, bureauId);
  const units = await listUnitsOf(tx, bureauId);
  return {
    accounts: new Map(accounts.map((account) => [account.id, account])),
    units: new Map(units.map((unit) => [unit.id, unit.name])),
    people: await findPeopleNames(
      tx,
      personIds.filter((id) => id !== null),
    ),
  };
}

export async function viewCaseRows(tx: Tx, actor: Actor, rows: readonly CaseListRow[]): Promise<CaseRow[]> {
  const { bureauId } = actor;
  const names = await loadNames(
    tx,
    bureauId,
    rows.map((row) => row.owner_id),
  );
  const daysLeft = await countDaysLeft(tx, bureauId, rows);
  // Whose section only helps reads the name on the case's own page.
  return rows.map((row) => toRow(row, names, daysLeft, seesPerson(actor, row, [])));
}

/** Working days to the deadline of a case whose clock runs, else null. */
type DaysLeft = (row: CaseListRow) => number | null;

/** For all rows at once: the calendar is read and walked one time. */
export async function countDaysLeft(
  tx: Tx,
  bureauId: string,
  rows: readonly CaseListRow[],
): Promise<DaysLeft> {
  const today = wallDate(now());
  const dueDays = rows.map(runsUntil).filter((day) => day !== null);
  if (dueDays.length === 0) return () => null;
  const days = [today, ...dueDays].toSorted();
  const [from, to] = [days[0]!, days.at(-1)!];
  const numbers = numberWorkingDays(await loadCalendar(tx, bureauId, from, to), from, to);
  return (row) => {
    const due = runsUntil(row);
    return due === null ? null : numbers.get(due)! - numbers.get(today)!;
  };
}

function runsUntil({ state, due_at, paused_at }: CaseListRow): string | null {
  return state === 'open' && due_at && !paused_at ? wallDate(due_at) : null;
}

/** @param sees whether the reader learns a name that was given to the office alone */
export function toRow(row: CaseListRow, names: Names, daysLeft: DaysLeft, sees: boolean): CaseRow {
  const account = row.account_id === null ? undefined : names.accounts.get(row.account_id);
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    kind: row.kind as CaseRow['kind'],
    field: row.field,
    state: row.state as CaseRow['state'],
    urgency: row.urgency as CaseRow['urgency'],
    channel: row.channel as CaseRow['channel'],
    platform: account?.platform ?? null,
    platformName: account ? getConnector(account.platform).label : null,
    accountName: account?.name ?? null,
    personName: sees || row.account_id !== null ? row.person_name : null,
    personTag: row.person_name === null ? row.person_tag : null,
    latest:
      row.latest_text === null || row.latest_at === null
        ? null
        : { text: [...row.latest_text].slice(0, 60).join(''), at: row.latest_at.toISOString() },
    reopened: row.reopened,
    inReview: row.in_review,
    windowEndsAt: row.window_ends_at?.toISOString() ?? null,
    ownerId: row.owner_id,
    ownerName: row.owner_id && (names.people.get(row.owner_id) ?? null),
    unitName: row.unit_id && (names.units.get(row.unit_id) ?? null),
    receivedAt: row.received_at.toISOString(),
    dueAt: row.due_at?.toISOString() ?? null,
    workingDaysLeft: daysLeft(row),
    overdue: row.overdue,
    pausedAt: row.paused_at?.toISOString() ?? null,
    outcome: row.outcome as CaseRow['outcome'],
    extension: row.extension as CaseRow['extension'],
    supervised: row.supervised_at !== null,
  };
}
