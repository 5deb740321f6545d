import { getConnector } from '#connectors/registry.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { listAccountRows } from '#server/modules/accounts/index.ts';
import { findPeopleNames, listUnitsOf } from '#server/modules/people/index.ts';
import { loadCalendar } from '#server/modules/planning/index.ts';
import { findDeliveryForReading } from '#server/modules/publishing/index.ts';
import type { CaseRow, CaseView } from '#shared/inbox.ts';
import { replyLimitOf } from '../answers/answer-case.ts';
import { describeReason } from '../answers/reasons.ts';
import { listReplies } from '../answers/store.ts';
import { listConversations, listMessages } from '../threads/store.ts';
import { calendarRange, deriveDeadline, findStart } from './deadline.ts';
import { type CaseListRow, findCaseRow } from './read-store.ts';
import { listConversationIds, listEvents } from './store.ts';

type Conversation = CaseView['conversations'][number];
type Names = {
  accounts: ReadonlyMap<string, { name: string; platform: string }>;
  units: ReadonlyMap<string, string>;
  people: ReadonlyMap<string, string>;
};

async function loadNames(tx: Tx, bureauId: string, personIds: readonly (string | null)[]): Promise<Names> {
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

export async function viewCaseRows(
  tx: Tx,
  bureauId: string,
  rows: readonly CaseListRow[],
): Promise<CaseRow[]> {
  const names = await loadNames(
    tx,
    bureauId,
    rows.map((row) => row.owner_id),
  );
  return rows.map((row) => toRow(row, names));
}

function toRow(row: CaseListRow, names: Names): CaseRow {
  const account = names.accounts.get(row.account_id)!;
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    kind: row.kind as CaseRow['kind'],
    field: row.field,
    state: row.state as CaseRow['state'],
    channel: row.channel as CaseRow['channel'],
    platform: account.platform,
    platformName: getConnector(account.platform).label,
    accountName: account.name,
    personName: row.person_name,
    ownerId: row.owner_id,
    ownerName: row.owner_id && (names.people.get(row.owner_id) ?? null),
    unitName: row.unit_id && (names.units.get(row.unit_id) ?? null),
    receivedAt: row.received_at.toISOString(),
    dueAt: row.due_at?.toISOString() ?? null,
    overdue: row.overdue,
  };
}

/** @throws {AppError} not-found */
export async function viewCase(tx: Tx, bureauId: string, caseId: string): Promise<CaseView> {
  const row = await findCaseRow(tx, bureauId, caseId);
  if (!row) throw new AppError('not-found');
  const events = await listEvents(tx, bureauId, caseId);
  const threads = await listConversations(tx, bureauId, await listConversationIds(tx, bureauId, caseId));
  const threadIds = threads.map((thread) => thread.id);
  const messages = await listMessages(tx, bureauId, threadIds);
  const replies = await listReplies(tx, bureauId, threadIds);
  const people = [
    row.owner_id,
    ...events.map((event) => event.actor_id),
    ...replies.map((one) => one.created_by),
  ];
  const names = await loadNames(tx, bureauId, people);
  const range = calendarRange(findStart(events));
  const deadline = deriveDeadline(events, await loadCalendar(tx, bureauId, range.from, range.to));
  const conversations: Conversation[] = [];
  for (const thread of threads) {
    const mine = <T extends { conversation_id: string }>(list: T[]) =>
      list.filter((one) => one.conversation_id === thread.id);
    conversations.push(await toConversation(tx, bureauId, thread, mine(messages), mine(replies), names));
  }
  return {
    ...toRow(row, names),
    answeredAt: row.answered_at?.toISOString() ?? null,
    deadline: { workingDays: deadline.workingDays, from: deadline.from, steps: deadline.steps },
    conversations,
    events: events.map((event) => ({
      event: event.event,
      at: event.at.toISOString(),
      actorName: event.actor_id && (names.people.get(event.actor_id) ?? null),
      detail: event.detail,
    })),
  };
}

async function toConversation(
  tx: Tx,
  bureauId: string,
  thread: Awaited<ReturnType<typeof listConversations>>[number],
  messages: Awaited<ReturnType<typeof listMessages>>,
  replies: Awaited<ReturnType<typeof listReplies>>,
  names: Names,
): Promise<Conversation> {
  const account = names.accounts.get(thread.account_id)!;
  const replyLimit = replyLimitOf(getConnector(account.platform), thread.kind);
  const post = thread.delivery_id && (await findDeliveryForReading(tx, bureauId, thread.delivery_id));
  return {
    id: thread.id,
    kind: thread.kind as Conversation['kind'],
    accountName: account.name,
    personName: thread.person_name,
    article: post ? { id: post.articleId, title: post.articleTitle, url: post.url } : null,
    messages: messages.map((message) => ({
      id: message.id,
      direction: message.direction as 'in' | 'out',
      text: message.text,
      // The platform's ids of a picture mean nothing on the desk.
      attachment: message.attachment ? { type: (message.attachment as { type: string }).type } : null,
      at: message.at.toISOString(),
      receivedAt: message.received_at.toISOString(),
    })),
    replies: replies.map((reply) => ({
      id: reply.id,
      text: reply.text,
      state: reply.state,
      reason: describeReason(reply.state, reply.reason),
      createdByName: names.people.get(reply.created_by) ?? '',
      createdAt: reply.created_at.toISOString(),
      sentAt: reply.sent_at?.toISOString() ?? null,
    })),
    window: {
      endsAt: thread.window_ends_at?.toISOString() ?? null,
      left: thread.window_left,
      open: replyLimit > 0 && thread.window_open,
    },
    replyLimit,
  };
}
