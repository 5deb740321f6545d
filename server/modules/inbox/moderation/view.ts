import { getConnector } from '#connectors/registry.ts';
import type { Tx } from '#server/base/database.ts';
import { listAccountRows } from '#server/modules/accounts/index.ts';
import { findPeopleNames } from '#server/modules/people/index.ts';
import { findDeliveryForReading } from '#server/modules/publishing/index.ts';
import type { CheckState, CommentAction, CommentCheck, listCommentChecks } from '#shared/comment-checks.ts';
import type { RouteReply } from '#shared/route.ts';
import { listCasesOfConversations } from '../cases/beside-store.ts';
import { countOpenChecks, listChecks, readStandings, type Standing } from './store.ts';

const page = 50;

export async function viewChecks(
  tx: Tx,
  bureauId: string,
  query: { state?: CheckState | undefined; cursor?: string | undefined },
): Promise<RouteReply<typeof listCommentChecks>> {
  const rows = await listChecks(tx, bureauId, { state: query.state, before: query.cursor, limit: page });
  const accounts = new Map((await listAccountRows(tx, bureauId)).map((account) => [account.id, account]));
  const people = await findPeopleNames(
    tx,
    rows.map((row) => row.decided_by).filter((id) => id !== null),
  );
  const cases = await listCasesOfConversations(
    tx,
    bureauId,
    rows.map((row) => row.conversation_id),
  );
  const standings = await readStandings(
    tx,
    bureauId,
    rows.map((row) => row.id),
  );
  const views: CommentCheck[] = [];
  for (const row of rows) {
    const account = accounts.get(row.account_id)!;
    const post = row.delivery_id && (await findDeliveryForReading(tx, bureauId, row.delivery_id));
    views.push({
      ...{ id: row.id, conversationId: row.conversation_id, text: row.text, personName: row.person_name },
      caseId: cases.get(row.conversation_id) ?? null,
      accountName: account.name,
      article: post ? { id: post.articleId, title: post.articleTitle } : null,
      foundBy: row.found_by as CommentCheck['foundBy'],
      words: row.words,
      state: row.state as CheckState,
      action: row.action as CommentCheck['action'],
      actions: (getConnector(account.platform).moderation?.actions ?? []).filter((action) =>
        applies(action, standings.get(row.id)!),
      ),
      reason: row.reason,
      decidedByName: row.decided_by && (people.get(row.decided_by) ?? null),
      decidedAt: row.decided_at?.toISOString() ?? null,
      createdAt: row.created_at.toISOString(),
    });
  }
  const next = rows.length === page ? rows.at(-1)!.id : null;
  return { rows: views, next, open: await countOpenChecks(tx, bureauId) };
}

/** Nothing is taken back that was not done. */
function applies(action: CommentAction, { featured, replied }: Standing): boolean {
  if (action === 'elect') return !featured;
  if (action === 'unelect') return featured;
  return action === 'delete' || replied;
}
