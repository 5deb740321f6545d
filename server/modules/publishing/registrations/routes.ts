import { AppError } from '#server/base/app-error.ts';
import { type RouteSet, serve, servePrepared } from '#server/base/http/serve.ts';
import { readUpload } from '#server/base/http/upload.ts';
import {
  checkRegistration,
  getRegistrationTemplate,
  readRegistrationSheet,
  registerPosts,
  removeRegistration,
} from '#shared/registrations.ts';
import { checkRows } from './check-rows.ts';
import { registerPostsOf, removeRegistrationBy } from './register-posts.ts';
import { makeRegistrationTemplate, readRegistrations } from './sheet.ts';

export function registrationRoutes(): RouteSet {
  return [
    serve(checkRegistration, async ({ tx, actor, body }) => {
      const [checked] = await checkRows(tx, actor.bureauId, [{ ...body, line: 1 }]);
      // An account of another bureau is not here, as everywhere.
      if (!checked?.view.accountId) throw new AppError('not-found');
      return checked.view;
    }),
    servePrepared(
      readRegistrationSheet,
      async ({ request }) => readRegistrations((await readUpload(request)).bytes),
      async ({ tx, actor, prepared }) => ({
        rows: (await checkRows(tx, actor.bureauId, prepared)).map(({ view }) => view),
      }),
    ),
    serve(registerPosts, ({ app, tx, actor, body }) => registerPostsOf(app, tx, actor, body.rows)),
    serve(removeRegistration, async ({ app, tx, actor, params, body }) => {
      await removeRegistrationBy(app, tx, actor, params.deliveryId, body.reason);
      return { ok: true } as const;
    }),
    serve(getRegistrationTemplate, ({ tx, actor }) => makeRegistrationTemplate(tx, actor.bureauId)),
  ];
}
