import type { Actor } from '#server/base/actor.ts';
import type { Tx } from '#server/base/database.ts';
import type { Todo } from '#shared/home.ts';
import { type CaseKind, caseKindLabels } from '#shared/inbox.ts';
import { may } from '#shared/people.ts';
import { listUndecided } from './answers/store.ts';
import { listOpenFor } from './cases/read-store.ts';

const limit = 200;

/** Open cases that wait for this person, and answers whose fate a person must settle. */
export async function listInboxTodo(tx: Tx, actor: Actor): Promise<Todo[]> {
  if (!may(actor.roles, 'inbox.answer')) return [];
  const isAgent = actor.roles.includes('agent');
  const unowned = isAgent ? 'every' : { unitId: actor.unitId };
  const cases = await listOpenFor(tx, actor.bureauId, actor.personId, unowned, limit);
  const undecided = (await listUndecided(tx, actor.bureauId)).filter(
    (reply) => isAgent || reply.owner_id === actor.personId || reply.created_by === actor.personId,
  );
  return [
    ...cases.map((row): Todo => {
      const kind = caseKindLabels[row.kind as CaseKind];
      const place = row.field ? `${row.field} · ` : '';
      return {
        kind: 'answer',
        key: `case:${row.id}`,
        title: row.title,
        note: {
          zh: `${place}${kind.zh}${row.owner_id ? '' : '，无人认领'}`,
          en: `${place}${kind.en}${row.owner_id ? '' : ', unclaimed'}`,
        },
        dueAt: row.due_at?.toISOString() ?? null,
        overdue: row.overdue,
        to: `/inbox/${row.id}`,
      };
    }),
    ...undecided.map(
      (reply): Todo => ({
        kind: 'decide-reply',
        key: `reply:${reply.id}`,
        title: reply.title,
        note: {
          zh: '答复是否送达不明，请到平台核对',
          en: 'Whether the answer arrived is unknown: look on the platform',
        },
        dueAt: reply.submitted_at?.toISOString() ?? null,
        overdue: true,
        to: `/inbox/${reply.case_id}`,
      }),
    ),
  ];
}
