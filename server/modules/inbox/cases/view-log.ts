/** The log of a case for people: whom and what its events name, by name. */
import type { Tx } from '#server/base/database.ts';
import type { CaseView } from '#shared/inbox.ts';
import { findCase, type listEvents } from './store.ts';
import type { Names } from './view.ts';

type Event = Awaited<ReturnType<typeof listEvents>>[number];

const idOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Whoever did something or was given the case. */
export const peopleIn = (events: readonly Event[]): (string | null)[] =>
  events.flatMap(({ actor_id, detail }) => [actor_id, idOf(detail.ownerId)]);

export async function viewLog(
  tx: Tx,
  bureauId: string,
  events: readonly Event[],
  names: Names,
): Promise<CaseView['events']> {
  const view: CaseView['events'] = [];
  for (const { event, at, actor_id, detail } of events) {
    const [unitId, ownerId] = [idOf(detail.unitId), idOf(detail.ownerId)];
    view.push({
      ...{ event, at: at.toISOString(), detail },
      actorName: actor_id && (names.people.get(actor_id) ?? null),
      unitName: unitId && (names.units.get(unitId) ?? null),
      ownerName: ownerId && (names.people.get(ownerId) ?? null),
      otherCase: await nameCase(tx, bureauId, idOf(detail[otherCaseAt[event] ?? ''])),
    });
  }
  return view;
}

/** Where an event names another case. */
const otherCaseAt: Readonly<Record<string, string>> = {
  merged: 'into',
  ...{ absorbed: 'from', unmerged: 'from', released: 'from' },
};

export async function nameCase(tx: Tx, bureauId: string, id: string | null): Promise<CaseView['mergedInto']> {
  const found = id === null ? undefined : await findCase(tx, bureauId, id);
  return found ? { id: found.id, number: found.number, title: found.title } : null;
}
