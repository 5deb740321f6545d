import { type RouteSet, serve } from '#server/base/http/serve.ts';
import { countNotices, listNotices, markNotices, type NoticeKind, type Urgency } from '#shared/notices.ts';
import { countUnreadOf, listNoticesOf, setRead } from './store.ts';

const pageSize = 50;
const countLimit = 100;

export function noticeRoutes(): RouteSet {
  return [
    serve(listNotices, async ({ tx, actor, query }) => {
      const found = await listNoticesOf(tx, actor.bureauId, actor.personId, {
        unread: query.unread === '1',
        before: query.cursor,
        limit: pageSize + 1,
      });
      const rows = found.slice(0, pageSize);
      return {
        rows: rows.map((row) => ({
          id: row.id,
          kind: row.kind as NoticeKind,
          urgency: row.urgency as Urgency,
          words: { zh: row.words_zh, en: row.words_en },
          reference: row.reference,
          link: row.link,
          dueAt: row.due_at?.toISOString() ?? null,
          createdAt: row.created_at.toISOString(),
          read: row.read_at !== null,
        })),
        next: found.length > pageSize ? rows.at(-1)!.id : null,
      };
    }),
    serve(countNotices, async ({ tx, actor }) => ({
      unread: await countUnreadOf(tx, actor.bureauId, actor.personId, countLimit),
    })),
    serve(markNotices, async ({ app, tx, actor, body }) => {
      await setRead(tx, actor.bureauId, actor.personId, body.noticeIds, body.read);
      app.live.changed(tx, actor.bureauId, 'notices');
      return { ok: true } as const;
    }),
  ];
}
