import type { MenuEntry } from '#connectors/contract.ts';
import type { App } from '#server/base/app.ts';
import { record } from '#server/modules/audit/index.ts';
import type { MenuButton } from '#shared/menus.ts';
import { openAccountSession } from '../session.ts';
import { endErrand, takeErrand } from './store.ts';

/** Does what was asked of menus, one after the other. Putting a menu twice is the same as once, so a crash does no harm. */
export async function carryMenus(app: App): Promise<void> {
  while (await carryOne(app));
}

async function carryOne(app: App): Promise<boolean> {
  return app.database.withWorker(async (tx) => {
    const errand = await takeErrand(tx);
    if (!errand) return false;
    const ids = { bureauId: errand.bureau_id, accountId: errand.account_id };
    const { session, connector } = await openAccountSession(app, tx, ids, () => undefined);
    const publishing = errand.asked === 'publish';
    const end = await runErrand(connector.menu, session, publishing ? errand.sent : null);
    await endErrand(tx, ids, 'error' in end ? end : { published: end.buttons, wasPublished: publishing });
    if (publishing) {
      const system = { personId: null, name: '系统', bureauId: ids.bureauId };
      const action = 'error' in end ? 'account.menu-refused' : 'account.menu-published';
      const detail = 'error' in end ? { code: end.error } : { buttons: end.buttons.length };
      await record(tx, system, action, { kind: 'account', id: ids.accountId }, detail);
    }
    app.live.changed(tx, ids.bureauId, 'accounts');
    return true;
  });
}

type Opened = Awaited<ReturnType<typeof openAccountSession>>;

async function runErrand(
  menu: Opened['connector']['menu'],
  session: Opened['session'],
  buttons: readonly MenuButton[] | null,
): Promise<{ buttons: MenuButton[] } | { error: string }> {
  if (!menu) return { error: 'unsupported' };
  try {
    if (buttons) {
      const put = await menu.put(session, buttons.map(toEntry));
      if ('failure' in put) return { error: codeOf(put.failure) };
    }
    const shown = await menu.get(session);
    return 'failure' in shown ? { error: codeOf(shown.failure) } : { buttons: shown.entries.map(toButton) };
  } catch (error) {
    return { error: (error as Error).name };
  }
}

const codeOf = (failure: { kind: string; code?: string }): string => failure.code ?? failure.kind;

const toEntry = ({ name, target, entries }: MenuButton): MenuEntry => ({
  ...{ name, target },
  entries: entries.map((leaf) => ({ ...leaf, entries: [] })),
});

const toButton = ({ name, target, entries }: MenuEntry): MenuButton => ({
  name,
  target,
  entries: entries.map((entry) => ({ name: entry.name, target: entry.target })),
});
