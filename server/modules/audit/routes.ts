import { type RouteSet, serve } from '#server/base/http/serve.ts';
import { listAudit } from '#shared/system.ts';
import { listEntries } from './store.ts';

const page = 100;

export function auditRoutes(): RouteSet {
  return [
    serve(listAudit, async ({ tx, actor, query }) => {
      const rows = await listEntries(tx, actor.bureauId, query, page);
      return { rows, next: rows.length === page ? rows.at(-1)!.id : null };
    }),
  ];
}
