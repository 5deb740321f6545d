import type { Actor } from '#server/base/actor.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { listTaskRows } from '#server/modules/publishing/index.ts';
import { compareTodo, type Todo, type TodoMore } from '#shared/home.ts';
import {
  type CaseKind,
  type CaseOutcome,
  type CaseUrgency,
  caseKindLabels,
  caseOutcomeLabels,
} from '#shared/inbox.ts';
import { text } from '#shared/lang.ts';
import { may } from '#shared/people.ts';
import { findReply, listUndecided } from './answers/store.ts';
import { listToAdvise } from './cases/beside-store.ts';
import { listAskedClosings, listAskedExtensions, listOpenFor, type OpenForRow } from './cases/read-store.ts';
import { listUnpublishedOutcomes } from './publication/store.ts';

const most = 50;

/**
 * Open cases that wait for this person, answers whose fate a person must settle or check, extensions and closings to decide, ends of
 * suggestions to publish. Of the cases fifty by name, the most pressed first, the others counted.
 */
export async function listInboxTodo(tx: Tx, actor: Actor): Promise<{ rows: Todo[]; more: TodoMore[] }> {
  const { rows, more } = await listCaseTodo(tx, actor);
  return {
    rows: [
      ...rows,
      ...(await listUndecidedTodo(tx, actor)),
      ...(await listExtensionTodo(tx, actor)),
      ...(await listClosingTodo(tx, actor)),
      ...(await listOutcomeTodo(tx, actor)),
      ...(await listAdviceTodo(tx, actor)),
      ...(await listCheckTodo(tx, actor)),
    ],
    more,
  };
}

/** Answers given by hand that a second person looks at. */
async function listCheckTodo(tx: Tx, actor: Actor): Promise<Todo[]> {
  if (!may(actor.roles, 'handoff.perform') || !may(actor.roles, 'inbox.read')) return [];
  const list: Todo[] = [];
  for (const task of await listTaskRows(tx, actor.bureauId)) {
    if (task.kind !== 'reply' || task.state !== 'claimed' || task.claimed_by === actor.personId) continue;
    const reply = await findReply(tx, { bureauId: actor.bureauId, id: task.subject_id });
    if (!reply) continue;
    list.push({
      ...{ kind: 'check-task', key: `check:${task.id}`, title: task.title, to: `/inbox/${reply.case_id}` },
      note: {
        zh: `${task.account_name}：已人工回复，等您核对`,
        en: `${task.account_name}: answered by hand; look and say so`,
      },
      ...{ dueAt: task.deadline.toISOString(), overdue: task.deadline < now() },
    });
  }
  return list;
}

/** What another section was asked to help with: a note is its part. */
async function listAdviceTodo(tx: Tx, actor: Actor): Promise<Todo[]> {
  if (!may(actor.roles, 'inbox.answer') || actor.roles.includes('agent')) return [];
  const { unitId, personId } = actor;
  const rows = await listToAdvise(tx, actor.bureauId, { unitId, personId }, most);
  return rows.map((row) => ({
    kind: 'advise',
    key: `advise:${row.id}`,
    title: row.title,
    note: {
      zh: `请您的科室协办${row.note ? `：${row.note}` : '，写一条内部备注即可'}`,
      en: `Your section is asked to help${row.note ? `: ${row.note}` : '; a note is enough'}`,
    },
    dueAt: row.due_at?.toISOString() ?? null,
    overdue: row.overdue,
    to: `/inbox/${row.id}`,
  }));
}

const noConsent = text('；本人没有同意公开原话，请用自己的话概括', '; no consent: put it in your own words');

/** How a suggestion ended is to be public: whoever handles the case makes it so, and whoever distributes cases sees all. */
async function listOutcomeTodo(tx: Tx, actor: Actor): Promise<Todo[]> {
  if (!may(actor.roles, 'inbox.answer')) return [];
  const who = may(actor.roles, 'inbox.dispatch') ? null : actor;
  const rows = await listUnpublishedOutcomes(tx, actor.bureauId, who, most);
  return rows.map((row) => {
    const outcome = caseOutcomeLabels[row.outcome as CaseOutcome];
    const note =
      row.state === 'draft'
        ? text(
            `建议${outcome.zh}，请核对草稿后公开`,
            `Suggestion ${outcome.en.toLowerCase()}: read the draft and publish it`,
          )
        : text(
            `后来改为${outcome.zh}，请撤下后修改再公开`,
            `Now ${outcome.en.toLowerCase()}: take the page down, mend and publish it`,
          );
    return {
      ...{ kind: 'publish-outcome' as const, key: `outcome:${row.id}`, title: row.title },
      note: row.consent ? note : { zh: `${note.zh}${noConsent.zh}`, en: `${note.en}${noConsent.en}` },
      ...{ dueAt: null, overdue: false, to: `/inbox/published/${row.id}` },
    };
  });
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

async function listClosingTodo(tx: Tx, actor: Actor): Promise<Todo[]> {
  if (!may(actor.roles, 'inbox.supervise')) return [];
  const asked = await listAskedClosings(tx, actor.bureauId, actor.personId);
  return asked.map((row) => ({
    kind: 'decide-closing',
    key: `closing:${row.id}`,
    title: row.title,
    note: { zh: '申请办结', en: 'Somebody asks to close it' },
    dueAt: row.due_at?.toISOString() ?? null,
    overdue: false,
    to: `/inbox/${row.id}`,
  }));
}

async function listCaseTodo(tx: Tx, actor: Actor): Promise<{ rows: Todo[]; more: TodoMore[] }> {
  if (!may(actor.roles, 'inbox.answer')) return { rows: [], more: [] };
  const unowned = actor.roles.includes('agent') ? 'every' : { unitId: actor.unitId };
  const found = await listOpenFor(tx, actor.bureauId, actor.personId, unowned, most);
  const rows = found.map(toTodo).toSorted(compareTodo).slice(0, most);
  const count = (found[0]?.total ?? 0) - rows.length;
  return { rows, more: count > 0 ? [{ kind: 'answer', count, to: '/inbox' }] : [] };
}

function toTodo(row: OpenForRow): Todo {
  const kind = caseKindLabels[row.kind as CaseKind];
  const urgency = row.urgency as CaseUrgency;
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
    closesAt: row.window_ends_at?.toISOString() ?? null,
    ...(urgency === 'normal' ? {} : { urgency }),
    overdue: row.overdue,
    to: `/inbox/${row.id}`,
  };
}

async function listUndecidedTodo(tx: Tx, actor: Actor): Promise<Todo[]> {
  if (!may(actor.roles, 'inbox.answer')) return [];
  const isAgent = actor.roles.includes('agent');
  const undecided = (await listUndecided(tx, actor.bureauId)).filter(
    (reply) => isAgent || reply.owner_id === actor.personId || reply.created_by === actor.personId,
  );
  return undecided.map((reply) => ({
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
  }));
}
