/** The page of one case: everything that is known of it, gathered. */

import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { now, wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { loadCalendar } from '#server/modules/planning/index.ts';
import { findDeliveryForReading } from '#server/modules/publishing/index.ts';
import { type ErrorCode, errorBody, errors } from '#shared/errors.ts';
import {
  type CaseKind,
  type CaseState,
  type CaseView,
  endOutcomes,
  givenReplyStates,
} from '#shared/inbox.ts';
import { may } from '#shared/people.ts';
import type { CaseFile, SentAttachment, SentFileState } from '#shared/sent-files.ts';
import { describeReason } from '../answers/reasons.ts';
import { replyLimitFor } from '../answers/reply-limit.ts';
import { needsReview } from '../answers/review-need.ts';
import { listReplies, listUnanswered } from '../answers/store.ts';
import { listAutomatic } from '../automatic/store.ts';
import { listFetches } from '../intake/fetch-store.ts';
import { lacksBasis, staleOn } from '../knowledge/rules.ts';
import { listCitations } from '../knowledge/store.ts';
import { loadSettings } from '../settings/store.ts';
import { contactPlace, listConversations, listMessages } from '../threads/store.ts';
import { listEarlier, listHelpers, listMerged } from './beside-store.ts';
import { deriveDeadline, listExtensions, rangeOf, returnBy } from './deadline.ts';
import { handles, isOfSection, seesPerson } from './handlers.ts';
import { needsTwo } from './machine.ts';
import { listFiles, listNotes } from './note-store.ts';
import { findCaseRow } from './read-store.ts';
import { findCase, findClosingAsk, hasComplained, listConversationIds, listEvents } from './store.ts';
import { countDaysLeft, loadNames, type Names, toRow } from './view.ts';
import { nameCase, peopleIn, viewLog } from './view-log.ts';

type Thread = Awaited<ReturnType<typeof listConversations>>[number];
type Conversation = CaseView['conversations'][number];

/** @throws {AppError} not-found */
export async function viewCase(app: App, tx: Tx, actor: Actor, caseId: string): Promise<CaseView> {
  const { bureauId } = actor;
  const row = await findCaseRow(tx, bureauId, caseId);
  const found = await findCase(tx, bureauId, caseId);
  if (!row || !found) throw new AppError('not-found');
  const events = await listEvents(tx, bureauId, caseId);
  const threads = await listConversations(tx, bureauId, await listConversationIds(tx, bureauId, caseId));
  const threadIds = threads.map((thread) => thread.id);
  const messages = await listMessages(tx, bureauId, threadIds);
  const replies = await listReplies(tx, bureauId, threadIds);
  const citations = await listCitations(
    tx,
    bureauId,
    replies.map((reply) => reply.id),
  );
  const automatic = await listAutomatic(tx, bureauId, threads);
  const notes = await listNotes(tx, bureauId, caseId);
  const files = await listFiles(app, tx, bureauId, {
    messageIds: messages.map((message) => message.id),
    noteIds: notes.map((note) => note.id),
  });
  const fetches = await listFetches(
    tx,
    bureauId,
    messages.map((message) => message.id),
  );
  const names = await loadNames(tx, bureauId, [
    ...[row.owner_id, found.extension_by, found.closing_by],
    ...peopleIn(events),
    ...replies.map((reply) => reply.created_by),
    ...notes.map((note) => note.created_by),
  ]);
  const range = rangeOf(events);
  const calendar = await loadCalendar(tx, bureauId, range.from, range.to);
  const deadline = deriveDeadline(events, calendar);
  const waiting = await listUnanswered(tx, bureauId, { caseId, except: null }, givenReplyStates);
  const helpers = await listHelpers(tx, bureauId, caseId);
  const sees = seesPerson(actor, found, helpers);
  const conversations: Conversation[] = [];
  for (const thread of threads) {
    const mine = <T extends { conversation_id: string }>(list: T[]) =>
      list.filter((one) => one.conversation_id === thread.id);
    const contact = sees ? openContact(app, bureauId, thread) : null;
    const parts = {
      messages: mine(messages),
      replies: mine(replies),
      citations,
      automatic,
      files,
      fetches,
      contact,
      sees,
      waiting,
    };
    conversations.push(await toConversation(tx, bureauId, thread, parts, names));
  }
  const returnable = found.state === 'open' && found.unit_id !== null;
  const assignedAt = found.assigned_at ?? found.received_at;
  const { settings } = await loadSettings(tx, bureauId);
  const ending = {
    ...{ state: found.state as CaseState, kind: found.kind as CaseKind, complained: hasComplained(events) },
    reviewed: needsReview(settings.answerReview, found),
  };
  const closing = findClosingAsk(found.closing_by, events);
  const ask = events.findLast(({ event }) => event === 'extension-asked');
  return {
    ...toRow(row, names, await countDaysLeft(tx, bureauId, [row]), sees),
    answeredAt: found.answered_at?.toISOString() ?? null,
    outcomeNote: found.outcome_note,
    mergedInto: await nameCase(tx, bureauId, found.merged_into),
    merged: await listMerged(tx, bureauId, caseId),
    unitId: found.unit_id,
    returnableUntil: returnable ? returnBy(assignedAt, calendar).toISOString() : null,
    mayHandle: may(actor.roles, 'inbox.answer') && handles(actor, found),
    mayPass: may(actor.roles, 'inbox.answer') && isOfSection(actor, found),
    triageDueAt: found.triage_due_at?.toISOString() ?? null,
    extensionAsk:
      ask && found.extension_by && found.extension_days
        ? {
            days: found.extension_days,
            reason: String(ask.detail.reason ?? ''),
            byId: found.extension_by,
            byName: names.people.get(found.extension_by) ?? '',
          }
        : null,
    extensionChoices: extendable(found) ? listExtensions(events, calendar, found.paused_at !== null) : [],
    closingAsk: closing && {
      ...{ reason: closing.reason, outcome: closing.outcome, byId: closing.by },
      byName: names.people.get(closing.by) ?? '',
    },
    twoFor: endOutcomes.filter((outcome) => needsTwo(ending, outcome)),
    satisfaction:
      found.satisfaction === null ? null : { stars: found.satisfaction, note: found.satisfaction_note },
    calledBackAt: found.called_back_at?.toISOString() ?? null,
    helpers: helpers.map((helper) => ({
      unitId: helper.unit_id,
      unitName: names.units.get(helper.unit_id) ?? '',
      note: helper.note,
    })),
    notes: notes.map((note) => ({
      id: note.id,
      text: note.text,
      byName: names.people.get(note.created_by) ?? '',
      at: note.created_at.toISOString(),
      files: files.get(note.id) ?? [],
    })),
    earlier: (await listEarlier(tx, bureauId, caseId, threads)).map((one) => ({
      ...{ id: one.id, number: one.number, title: one.title, state: one.state as CaseState },
      receivedAt: one.received_at.toISOString(),
    })),
    deadline: {
      ...{ workingDays: deadline.workingDays, extendedBy: deadline.extendedBy },
      ...{ from: deadline.from, steps: deadline.steps, given: deadline.given ?? false },
    },
    conversations,
    events: await viewLog(tx, bureauId, events, names),
  };
}

const extendable = ({ state, extension }: { state: string; extension: string | null }): boolean =>
  state === 'open' && extension !== 'granted';

function openContact(app: App, bureauId: string, thread: Thread): Conversation['contact'] {
  if (!thread.contact_sealed) return null;
  const clear = app.sealer.open(contactPlace(bureauId, thread.id), thread.contact_sealed);
  const { name, phone, address } = JSON.parse(clear.toString('utf8')) as Record<string, string | undefined>;
  return { name: name ?? null, phone: phone ?? null, address: address ?? null };
}

/** What the program said at once stands among what people said, and is marked. */
function withAutomatic(
  thread: Thread,
  automatic: Awaited<ReturnType<typeof listAutomatic>>,
  messages: Conversation['messages'],
): Conversation['messages'] {
  if (thread.kind !== 'message') return messages;
  const said = automatic
    .filter((one) => one.account_id === thread.account_id && one.person_key === thread.person_key)
    .map((one): Conversation['messages'][number] => {
      const at = one.at.toISOString();
      const words = { direction: 'out' as const, text: one.text, attachment: null, files: [] };
      return { id: automaticId(one.at, thread.id), ...words, at, receivedAt: at, automatic: true };
    });
  return [...messages, ...said].toSorted((a, b) => a.at.localeCompare(b.at));
}

/** One a day and conversation: the conversation's id with the day in its last part. */
const automaticId = (at: Date, conversationId: string) =>
  `${conversationId.slice(0, 24)}${Math.floor(at.getTime() / 1000)
    .toString(16)
    .padStart(12, '0')}`;

function viewAttachment(
  attachment: unknown,
  fetch: { state: SentFileState; failure: string | null } | undefined,
): SentAttachment | null {
  if (!attachment) return null;
  return { type: (attachment as { type: string }).type, file: fetch ? viewFetch(fetch) : null };
}

function viewFetch({
  state,
  failure,
}: {
  state: SentFileState;
  failure: string | null;
}): SentAttachment['file'] {
  if (state !== 'refused' || failure === null || !Object.hasOwn(errors, failure))
    return { state, reason: null };
  return { state, reason: errorBody(failure as ErrorCode).message };
}

async function toConversation(
  tx: Tx,
  bureauId: string,
  thread: Thread,
  parts: {
    messages: Awaited<ReturnType<typeof listMessages>>;
    replies: Awaited<ReturnType<typeof listReplies>>;
    citations: Awaited<ReturnType<typeof listCitations>>;
    automatic: Awaited<ReturnType<typeof listAutomatic>>;
    files: ReadonlyMap<string, CaseFile[]>;
    fetches: Awaited<ReturnType<typeof listFetches>>;
    contact: Conversation['contact'];
    /** Whether the reader sees who it is where they said so to us alone; on a platform their name is seen by all. */
    sees: boolean;
    waiting: readonly string[];
  },
  names: Names,
): Promise<Conversation> {
  const account = thread.account_id === null ? undefined : names.accounts.get(thread.account_id);
  const replyLimit = replyLimitFor(account?.platform ?? null, thread.kind);
  const post = thread.delivery_id && (await findDeliveryForReading(tx, bureauId, thread.delivery_id));
  return {
    id: thread.id,
    kind: thread.kind as Conversation['kind'],
    accountName: account?.name ?? null,
    personName: parts.sees || thread.account_id !== null ? thread.person_name : null,
    contact: parts.contact,
    receipt: thread.receipt,
    waits: parts.waiting.includes(thread.id),
    pageUrl: thread.page_url,
    source:
      thread.source && thread.source_number ? { name: thread.source, number: thread.source_number } : null,
    article: post ? { id: post.articleId, title: post.articleTitle, url: post.url } : null,
    messages: withAutomatic(
      thread,
      parts.automatic,
      parts.messages.map((message) => ({
        id: message.id,
        direction: message.direction as 'in' | 'out',
        text: message.text,
        // The platform's ids of a picture mean nothing on the desk.
        attachment: viewAttachment(message.attachment, parts.fetches.get(message.id)),
        files: parts.files.get(message.id) ?? [],
        at: message.at.toISOString(),
        receivedAt: message.received_at.toISOString(),
        automatic: false,
      })),
    ),
    replies: parts.replies.map((reply) => ({
      id: reply.id,
      text: reply.text,
      state: reply.state,
      purpose: reply.purpose as 'answer' | 'notice',
      reviewId: reply.review_id,
      citations: parts.citations
        .filter((one) => one.reply_id === reply.id)
        .map((one) => ({
          ...{ entryId: one.id, question: one.content.question, cited: one.cited, version: one.version },
          stale: staleOn(wallDate(now()), one.state, one.content),
          basisMissing: lacksBasis(one.state, one.content),
        })),
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
