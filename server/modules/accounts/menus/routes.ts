import { getConnector } from '#connectors/registry.ts';
import type { Actor } from '#server/base/actor.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { type RouteSet, serve } from '#server/base/http/serve.ts';
import { record } from '#server/modules/audit/index.ts';
import {
  findMenuProblems,
  getAccountMenu,
  publishAccountMenu,
  readAccountMenu,
  saveAccountMenu,
} from '#shared/menus.ts';
import { findAccount } from '../store.ts';
import { askFor, openMenuRow, saveButtons } from './store.ts';

/** @throws {AppError} not-found, input-invalid where the platform has no menus */
async function findMenu(tx: Tx, actor: Actor, accountId: string) {
  const account = await findAccount(tx, actor.bureauId, accountId);
  if (!account) throw new AppError('not-found');
  const { menu } = getConnector(account.platform);
  if (!menu) throw new AppError('input-invalid', { problem: '该平台没有菜单 / this platform has no menus' });
  const ids = { bureauId: actor.bureauId, accountId };
  return { ids, limits: menu.limits, row: await openMenuRow(tx, ids) };
}

export function menuRoutes(): RouteSet {
  return [
    serve(getAccountMenu, async ({ tx, actor, params }) => {
      const { limits, row } = await findMenu(tx, actor, params.accountId);
      const { buttons, revision, asked, published, error } = row;
      return {
        ...{ limits, buttons, revision, asked, published, error },
        readAt: row.read_at?.toISOString() ?? null,
        publishedAt: row.published_at?.toISOString() ?? null,
      };
    }),
    serve(saveAccountMenu, async ({ app, tx, actor, params, body }) => {
      const { ids } = await findMenu(tx, actor, params.accountId);
      const revision = await saveButtons(tx, ids, body.baseRevision, body.buttons);
      if (revision === null) throw new AppError('state-conflict', { state: '已被他人修改' });
      const subject = { kind: 'account', id: ids.accountId };
      await record(tx, actor, 'account.menu-saved', subject, { revision });
      app.live.changed(tx, actor.bureauId, 'accounts');
      return { revision };
    }),
    serve(publishAccountMenu, async ({ app, tx, actor, params, body }) => {
      const { ids, limits, row } = await findMenu(tx, actor, params.accountId);
      if (row.revision !== body.revision) throw new AppError('state-conflict', { state: '已被他人修改' });
      if (findMenuProblems(row.buttons, limits).length > 0)
        throw new AppError('input-invalid', {
          problem: '菜单不合平台要求，请先修改 / the platform would refuse this menu: mend it first',
        });
      // Publishing replaces the whole menu: nobody does so without having seen what it replaces.
      if (row.published === null)
        throw new AppError('input-invalid', {
          problem: '请先读取平台上现有的菜单 / read the menu on the platform first',
        });
      await askFor(tx, ids, 'publish');
      const subject = { kind: 'account', id: ids.accountId };
      await record(tx, actor, 'account.menu-sent', subject, { revision: row.revision });
      await app.jobs.enqueue(tx, 'accounts.carry-menus', ids);
      app.live.changed(tx, actor.bureauId, 'accounts');
      return { ok: true } as const;
    }),
    serve(readAccountMenu, async ({ app, tx, actor, params }) => {
      const { ids, row } = await findMenu(tx, actor, params.accountId);
      if (row.asked === null) await askFor(tx, ids, 'read');
      await app.jobs.enqueue(tx, 'accounts.carry-menus', ids);
      app.live.changed(tx, actor.bureauId, 'accounts');
      return { ok: true } as const;
    }),
  ];
}
