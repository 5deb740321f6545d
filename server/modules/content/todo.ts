import type { Actor } from '#server/base/actor.ts';
import type { Tx } from '#server/base/database.ts';
import type { Todo } from '#shared/home.ts';

/** Own articles that came back or were begun. */
export async function listArticleTodo(tx: Tx, actor: Actor): Promise<Todo[]> {
  const rows = await tx
    .selectFrom('articles')
    .select(['id', 'state', 'working', 'updated_at'])
    .where('bureau_id', '=', actor.bureauId)
    .where('created_by', '=', actor.personId)
    .where('state', 'in', ['draft', 'returned'])
    .orderBy('updated_at', 'desc')
    .limit(50)
    .execute();
  return rows.map((row) => {
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
}
