import type { Connector, PlatformIds } from '#connectors/contract.ts';
import { getConnector } from '#connectors/registry.ts';
import { fromWallTime, now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { readWallTime } from '#server/base/wall-input.ts';
import { listAccountRows } from '#server/modules/accounts/index.ts';
import { lockArticle } from '#server/modules/content/index.ts';
import type { CheckedRegistration } from '#shared/registrations.ts';
import { linkKeyOf } from './link-key.ts';
import { registrationProblems as problem } from './problems.ts';
import { findPostsByLink } from './store.ts';

/** As typed or read from a sheet; nothing in it is trusted. */
export type AskedRegistration = {
  line: number;
  /** One of the two names the account. */
  accountId?: string;
  accountName?: string;
  pasted: string;
  title: string;
  publishedWall: string;
  articleId?: string | null;
};

/** What is saved when nothing is wrong. */
export type FoundRegistration = { platform: string; reach: string; ids: PlatformIds; linkKey: string };

export type Checked = { view: CheckedRegistration; found: FoundRegistration | null };

type Account = Awaited<ReturnType<typeof listAccountRows>>[number];

/** The post's link inside whatever was pasted, by the patterns of the account's platform. Pure. */
export function findPost(
  connector: Connector,
  settings: Readonly<Record<string, string>>,
  pasted: string,
): { url: string; ids: PlatformIds } | null {
  if (connector.links) return connector.links.find(pasted, settings);
  if (connector.publish.kind !== 'hand-off') return null;
  const url = connector.publish.findLink(pasted);
  return url ? { url, ids: {} } : null;
}

/** Looks at every row against the accounts, the posts that are here and the rows above it; saves nothing. */
export async function checkRows(
  tx: Tx,
  bureauId: string,
  asked: readonly AskedRegistration[],
): Promise<Checked[]> {
  const accounts = await listAccountRows(tx, bureauId);
  const rows = asked.map((row) => readRow(row, accounts));
  const keys = rows.flatMap(({ found }) => (found ? [found.linkKey] : []));
  const here = new Map(
    (await findPostsByLink(tx, bureauId, keys)).map((one) => [`${one.accountId} ${one.linkKey}`, one.id]),
  );
  const seen = new Set<string>();
  for (const { view, found } of rows) {
    if (!found) continue;
    const key = `${view.accountId} ${found.linkKey}`;
    view.duplicateOf = here.get(key) ?? null;
    if (view.duplicateOf) view.problems.push(problem.linkKnown);
    else if (seen.has(key)) view.problems.push(problem.linkTwice);
    seen.add(key);
    if (view.articleId && !(await lockArticle(tx, bureauId, view.articleId)))
      view.problems.push(problem.articleUnknown);
  }
  return rows;
}

function readRow(row: AskedRegistration, accounts: readonly Account[]): Checked {
  const account = chooseAccount(row, accounts);
  const wall = readWallTime(row.publishedWall);
  const title = row.title.trim();
  const view: CheckedRegistration = {
    line: row.line,
    accountId: typeof account === 'object' ? account.id : null,
    accountName: typeof account === 'object' ? account.name : (row.accountName ?? ''),
    pasted: row.pasted,
    url: null,
    title,
    publishedWall: wall,
    articleId: row.articleId ?? null,
    problems: [],
    duplicateOf: null,
  };
  if (title === '' || [...title].length > 120) view.problems.push(problem.titleMissing);
  if (!wall) view.problems.push(problem.timeMissing);
  else if (fromWallTime(wall).getTime() > now().getTime() + 60_000) view.problems.push(problem.timeAhead);
  if (typeof account === 'string') {
    view.problems.push(problem[account]);
    return { view, found: null };
  }
  const connector = getConnector(account.platform);
  if (account.state === 'closed') view.problems.push(problem.accountClosed);
  if (connector.publish.kind === 'local') {
    view.problems.push(problem.ownSite);
    return { view, found: null };
  }
  const post = findPost(connector, account.settings as Record<string, string>, row.pasted);
  if (!post) {
    view.problems.push(problem.linkMissing);
    return { view, found: null };
  }
  view.url = post.url;
  return {
    view,
    found: {
      platform: account.platform,
      reach: connector.publish.reaches[0]!,
      ids: post.ids,
      linkKey: linkKeyOf(post.url),
    },
  };
}

function chooseAccount(
  row: AskedRegistration,
  accounts: readonly Account[],
): Account | 'accountUnknown' | 'accountTwice' {
  const name = row.accountName?.trim();
  const matches = accounts.filter((one) =>
    row.accountId === undefined ? one.name === name : one.id === row.accountId,
  );
  if (matches.length > 1) return 'accountTwice';
  return matches[0] ?? 'accountUnknown';
}
