import type { Actor } from '#server/base/actor.ts';
import type { Tx } from '#server/base/database.ts';
import type { Todo } from '#shared/home.ts';
import { type CaseKind, caseKindLabels } from '#shared/inbox.ts';
import { may } from '#shared/people.ts';
import { listUndecided } from './answers/store.ts';
import { listAskedExtensions, listOpenFor } from './cases/read-store.ts';

const limit = 200;

/** Open cases that wait for this person, answers whose fate a person must settle, extensions to decide. */
export async function listInboxTodo(tx: Tx, actor: Actor): Promise<Todo[]> {
  return [...(await listAnswerTodo(tx, actor)), ...(await listExtensionTodo(tx, actor))];
}

async function listExtensionTodo(tx: Tx, actor: Actor): Promise<Todo[]> {
  if (!may(actor.roles, 'inbox.supervise')) return [];
  const asked = await listAskedExtensions(tx, actor.bureauId, actor.personId);
  return asked.map((row) => ({
    kind: 'decide-extension',
    key: `extension:${row.id}`,
    title: row.title,
    note: {
      zh: `申请延期 ${row.extension_days} 个工作日`,
      en: `An extension of ${row.extension_days} working days is asked for`,
    },
    dueAt: row.due_at?.toISOString() ?? null,
    overdue: false,
    to: `/inbox/${row.id}`,
  }));
}

async function listAnswerTodo(tx: Tx, actor: Actor): Promise<Todo[]> {
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
