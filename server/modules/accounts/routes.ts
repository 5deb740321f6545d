import { AppError } from '#server/base/app-error.ts';
import { type RouteSet, serve } from '#server/base/http/serve.ts';
import {
  beginSignIn,
  createAccount,
  listAccounts,
  listPlatforms,
  probeAccount,
  updateAccount,
} from '#shared/accounts.ts';
import { createAccountIn, updateAccountIn } from './save-account.ts';
import { beginSignInFor } from './sign-in.ts';
import { findAccount } from './store.ts';
import { listAccountViews, listPlatformViews } from './view.ts';

export function accountRoutes(): RouteSet {
  return [
    serve(listAccounts, ({ app, tx, actor }) => listAccountViews(app, tx, actor.bureauId)),
    serve(listPlatforms, async () => listPlatformViews()),
    serve(createAccount, async ({ app, tx, actor, body }) => {
      const taken = (await listAccountViews(app, tx, actor.bureauId)).some(
        (account) =>
          account.platform === body.platform && account.name === body.name && account.state !== 'closed',
      );
      if (taken) throw new AppError('account-name-taken');
      const made = await createAccountIn(app, tx, actor, body);
      await app.jobs.enqueue(tx, 'accounts.probe', { bureauId: actor.bureauId, accountId: made.id });
      return made;
    }),
    serve(updateAccount, async ({ app, tx, actor, params, body }) => {
      await updateAccountIn(app, tx, actor, params.accountId, body);
      return { ok: true } as const;
    }),
    serve(beginSignIn, ({ app, tx, actor, params }) => beginSignInFor(app, tx, actor, params.accountId)),
    serve(probeAccount, async ({ app, tx, actor, params }) => {
      if (!(await findAccount(tx, actor.bureauId, params.accountId))) throw new AppError('not-found');
      await app.jobs.enqueue(tx, 'accounts.probe', { bureauId: actor.bureauId, accountId: params.accountId });
      return { ok: true } as const;
    }),
  ];
}
