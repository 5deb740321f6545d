/**
 * Figures that only a person can read: once a week for posts of the last four weeks and for followers, on accounts whose
 * platform gives them by no interface, or not to them. What was read since Monday is not asked for again.
 */
import { getConnector } from '#connectors/registry.ts';
import type { Actor } from '#server/base/actor.ts';
import { now } from '#server/base/clock.ts';
import { startOfWeek, type Tx } from '#server/base/database.ts';
import { listAbilities, listAccountRows } from '#server/modules/accounts/index.ts';
import type { DueFigures } from '#shared/figures.ts';
import type { Todo } from '#shared/home.ts';
import { may } from '#shared/people.ts';
import { listUncounted, listUnread } from './store.ts';
import { listFigureRows } from './view.ts';

const days = 28;
/** Wednesday at six in the evening. */
const dueAfterMs = 2.75 * 86_400_000;
/** As many as one page of the screen takes; what is entered makes room for the rest. */
const most = 50;

async function findDue(tx: Tx, actor: Actor) {
  const from = await startOfWeek(tx);
  // Who belongs to the bureau itself answers for all of its accounts, others for those of their unit.
  const accounts = (await listAccountRows(tx, actor.bureauId)).filter(
    (row) =>
      (row.state === 'active' || row.state === 'sign-in-again') &&
      // Our own site is no platform.
      getConnector(row.platform).publish.kind !== 'local' &&
      (actor.unitId === actor.bureauId || actor.unitId === row.unit_id),
  );
  const idsOf = (rows: typeof accounts) => rows.map(({ id }) => id);
  const abilities = await listAbilities(tx, actor.bureauId);
  const isGiven = (id: string) => !['unsupported', 'needs-application'].includes(abilities.get(id)!.metrics);
  const byHand = accounts.filter(({ id }) => !isGiven(id));
  // A new account is counted from its first whole week on.
  const uncounted = accounts.filter(
    ({ id, platform, created_at }) =>
      !(isGiven(id) && getConnector(platform).metrics?.account) && created_at < from,
  );
  const posts = await listUnread(tx, actor.bureauId, idsOf(byHand), { from, days });
  const counts = new Set(await listUncounted(tx, actor.bureauId, idsOf(uncounted), from));
  return {
    posts,
    accounts: accounts.filter(({ id }) => counts.has(id)),
    dueAt: new Date(from.getTime() + dueAfterMs),
  };
}

export async function listDueFigureViews(tx: Tx, actor: Actor): Promise<DueFigures> {
  const { posts, accounts, dueAt } = await findDue(tx, actor);
  return {
    rows: await listFigureRows(tx, actor.bureauId, posts.slice(0, most)),
    total: posts.length,
    accounts: accounts.map(({ id, name, platform }) => ({
      ...{ accountId: id, accountName: name, platformName: getConnector(platform).label },
    })),
    dueAt: dueAt.toISOString(),
  };
}

/** One line for all of it, for those who post. */
export async function listFigureTodo(tx: Tx, actor: Actor): Promise<Todo[]> {
  if (!may(actor.roles, 'delivery.manage') || !may(actor.roles, 'article.write')) return [];
  const { posts, accounts, dueAt } = await findDue(tx, actor);
  if (posts.length + accounts.length === 0) return [];
  const zh = [
    posts.length > 0 ? `${posts.length} 条作品的数据` : '',
    accounts.length > 0 ? `${accounts.length} 个账号的粉丝数` : '',
  ];
  const en = [
    posts.length > 0 ? `figures of ${posts.length} posts` : '',
    accounts.length > 0 ? `followers of ${accounts.length} accounts` : '',
  ];
  return [
    {
      ...{ kind: 'figures', key: 'figures:week', title: '填报本周数据' },
      note: {
        zh: `平台不给接口，要人看了填：${zh.filter(Boolean).join('，')}`,
        en: `Read by a person, since no interface gives them: ${en.filter(Boolean).join(', ')}`,
      },
      ...{ dueAt: dueAt.toISOString(), overdue: dueAt < now(), to: '/figures' },
    },
  ];
}
