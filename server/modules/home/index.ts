import { type Actor, allows } from '#server/base/actor.ts';
import { now, wallTime } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { type RouteSet, serve } from '#server/base/http/serve.ts';
import { grantHorizonMs, grantPath, listAccountRows, listGrantEnds } from '#server/modules/accounts/index.ts';
import { listArticleTodo } from '#server/modules/content/index.ts';
import { listInboxTodo } from '#server/modules/inbox/index.ts';
import { listInsightTodo } from '#server/modules/insight/index.ts';
import { listPublishingTodo } from '#server/modules/publishing/index.ts';
import { listReviewTodo, type ReviewSubjects } from '#server/modules/review/index.ts';
import { compareTodo, listTodo, type Todo } from '#shared/home.ts';

/** Home is one dated list: what waits for this person, whatever module it comes from. */
export function homeRoutes(reviewSubjects: ReviewSubjects): RouteSet {
  return [
    serve(listTodo, async ({ app, tx, actor }) => {
      const none = { rows: [], more: [] };
      const posts = allows(actor, 'delivery.read') ? await listPublishingTodo(app, tx, actor) : none;
      const articles = allows(actor, 'article.write') ? await listArticleTodo(tx, actor) : none;
      const inbox = allows(actor, 'inbox.read') ? await listInboxTodo(tx, actor) : none;
      const rows = [
        ...(allows(actor, 'review.decide') ? await listReviewTodo(tx, actor, reviewSubjects) : []),
        ...posts.rows,
        ...inbox.rows,
        ...(allows(actor, 'inbox.read') ? await listInsightTodo(tx, actor) : []),
        ...articles.rows,
        ...(allows(actor, 'account.manage') ? await listAccountTodo(tx, actor) : []),
      ];
      const more = [...posts.more, ...inbox.more, ...articles.more];
      return { rows: rows.toSorted(compareTodo), more, now: now().toISOString() };
    }),
  ];
}

async function listAccountTodo(tx: Tx, actor: Actor): Promise<Todo[]> {
  const rows = await listAccountRows(tx, actor.bureauId);
  const ending = await listGrantEnds(tx, grantHorizonMs, actor.bureauId);
  return [
    ...rows
      .filter((row) => row.state === 'sign-in-again')
      .map(
        (row): Todo => ({
          kind: 'sign-in-again',
          key: `account:${row.id}`,
          title: row.name,
          note: {
            zh: '平台授权已失效，发布和回复都在等待',
            en: 'The grant has ended; posts and answers wait',
          },
          dueAt: null,
          overdue: true,
          to: grantPath(row),
        }),
      ),
    ...ending.map(
      ({ accountId, name, platform, end }): Todo => ({
        kind: 'sign-in-again',
        key: `account:${accountId}`,
        title: name,
        note: {
          zh: `平台授权 ${wallTime(end)} 到期，到期后发布和回复都会停`,
          en: `The grant ends ${wallTime(end)}; then posts and answers stop`,
        },
        dueAt: end.toISOString(),
        overdue: end <= now(),
        to: grantPath({ id: accountId, platform }),
      }),
    ),
  ];
}
