import { type RouteSet, serve } from '#server/base/http/serve.ts';
import {
  declinePublication,
  draftPublication,
  editPublication,
  getPublication,
  listPublications,
  markNobodys,
  submitPublication,
  takeBackPublication,
  withdrawPublication,
} from '#shared/publication.ts';
import {
  declinePublicationIn,
  editPublicationIn,
  markNobodysIn,
  submitPublicationIn,
  takeBackPublicationIn,
  withdrawPublicationIn,
} from './change.ts';
import { draftPublicationIn } from './draft.ts';
import { listPublicationViews, viewPublication } from './view.ts';

const done = { ok: true } as const;

export function publicationRoutes(): RouteSet {
  return [
    serve(draftPublication, ({ app, tx, actor, params }) =>
      draftPublicationIn(app, tx, actor, params.caseId),
    ),
    serve(listPublications, ({ tx, actor, query }) => listPublicationViews(tx, actor, query)),
    serve(getPublication, ({ tx, actor, params }) => viewPublication(tx, actor, params.publicationId)),
    serve(editPublication, ({ app, tx, actor, params, body }) =>
      editPublicationIn(app, tx, actor, params.publicationId, body),
    ),
    serve(markNobodys, async ({ app, tx, actor, params, body }) => {
      await markNobodysIn(app, tx, actor, params.publicationId, body);
      return done;
    }),
    serve(submitPublication, ({ app, tx, actor, params, body }) =>
      submitPublicationIn(app, tx, actor, params.publicationId, body.baseRevision),
    ),
    serve(takeBackPublication, async ({ app, tx, actor, params }) => {
      await takeBackPublicationIn(app, tx, actor, params.publicationId);
      return done;
    }),
    serve(withdrawPublication, async ({ app, tx, actor, params, body }) => {
      await withdrawPublicationIn(app, tx, actor, params.publicationId, body.reason);
      return done;
    }),
    serve(declinePublication, async ({ app, tx, actor, params, body }) => {
      await declinePublicationIn(app, tx, actor, params.publicationId, body.reason);
      return done;
    }),
  ];
}
