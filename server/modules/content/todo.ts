import { sql } from 'kysely';
import type { Actor } from '#server/base/actor.ts';
import type { Tx } from '#server/base/database.ts';
import type { Todo, TodoMore } from '#shared/home.ts';

const most = 50;

/** Own articles that came back or were begun: the returned ones first, the others counted beyond fifty. */
export async function listArticleTodo(tx: Tx, actor: Actor): Promise<{ rows: Todo[]; more: TodoMore[] }> {
  const rows = await tx
    .selectFrom('articles')
    .select(['id', 'state', 'working', sql<number>`(count(*) over ())::int`.as('total')])
    .where('bureau_id', '=', actor.bureauId)
    .where('created_by', '=', actor.personId)
    .where('state', 'in', ['draft', 'returned'])
    .orderBy('state', 'desc')
    .orderBy('updated_at', 'desc')
    .limit(most)
    .execute();
  const count = (rows[0]?.total ?? 0) - rows.length;
  const more: TodoMore[] = count > 0 ? [{ kind: 'draft', count, to: '/articles' }] : [];
  const list = rows.map((row) => {
    const returned = row.state === 'returned';
    return {
      kind: returned ? 'returned' : 'draft',
      key: `article:${row.id}`,
      title: (row.working as { title?: string }).title || '（未命名）',
      note: returned
        ? { zh: '被退回，请修改后再送审', en: 'Returned: mend and submit again' }
        : { zh: '草稿', en: 'Draft' },
      dueAt: null,
      overdue: false,
      to: `/articles/${row.id}`,
    } satisfies Todo;
  });
  return { rows: list, more };
}
