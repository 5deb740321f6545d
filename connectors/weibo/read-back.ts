/** Finds a delivery on the account's own time line: by its short link, else by its words. */
import type { PackagePayload } from '#shared/package.ts';
import type { AccountSession, CheckResult } from '../contract.ts';
import { callAs, notRead } from './client.ts';
import { carriesLink } from './compose.ts';
import { linksIn, withoutLinks } from './count.ts';
import { apiPath } from './credential.ts';
import { postUrl } from './post-url.ts';
import { ExpandedLinks, type Status, Timeline, User } from './shapes.ts';

/** Clocks differ; the contract's window begins this long before the call. */
const WINDOW_BEFORE_MS = 2 * 60_000;
/** The open interface shows the account's own newest posts only, whatever is asked for. */
const TIMELINE_LENGTH = 5;
const EXPAND_LIMIT = 20;
/** Characters at either end that make two posts look alike. */
const ALIKE = 10;

export async function findOnTimeline(
  session: AccountSession,
  payload: PackagePayload,
  sentAt: Date,
): Promise<CheckResult> {
  const uid = session.account.settings.uid ?? '';
  const answer = await callAs(session, {
    method: 'GET',
    path: apiPath(session, 'statuses/user_timeline'),
    query: { uid, count: TIMELINE_LENGTH, page: 1 },
  });
  if (answer.kind !== 'ok') return notRead(answer);
  const timeline = Timeline.safeParse(answer.json);
  if (!timeline.success) return { kind: 'unknown', reason: '时间线无法识别 / unreadable time line' };
  const { statuses } = timeline.data;
  const { post, doubtful } = await findPost(session, payload, sentAt, statuses);
  if (post) {
    return { kind: 'published', ids: { postId: post.id }, url: postUrl(session, post.id), at: post.at };
  }
  if (doubtful) {
    return {
      kind: 'unknown',
      reason: `微博 ${doubtful.id} 很像这一条，请人工核对 / post ${doubtful.id} resembles it`,
    };
  }
  if (!(await isWholePeriod(session, sentAt, statuses))) {
    return { kind: 'unknown', reason: '时间线没有列全，无法断定 / the time line was not listed in full' };
  }
  const newest = statuses[0];
  if (newest && sameWords(newest.text, payload.body.value)) {
    // Not ours, yet the platform would refuse ours as a repetition of it.
    return { kind: 'rejected', code: '20019', reason: '与账号最新一条微博文字相同，平台会拒绝（20019）' };
  }
  return { kind: 'absent' };
}

type Search = { post?: Status /** Cannot be ruled out, and not proven either. */; doubtful?: Status };

async function findPost(
  session: AccountSession,
  payload: PackagePayload,
  sentAt: Date,
  statuses: readonly Status[],
): Promise<Search> {
  // The link is made for one delivery only, so it counts outside the window too. The documents show texts with
  // `http://t.cn/…` and with the link as it was sent, and some carry the long form in a detail: all are searched.
  const byLink = statuses.find((status) => carriesLink(JSON.stringify(status.whole), payload.shortLink));
  if (byLink) return { post: byLink };
  const expanded = await expandLinks(session, statuses);
  const byExpanded = statuses.find((status) =>
    linksIn(status.text).some((link) => expanded?.get(link) === payload.shortLink),
  );
  if (byExpanded) return { post: byExpanded };
  const begin = sentAt.getTime() - WINDOW_BEFORE_MS;
  const possible = statuses.filter(
    (status) => status.at.getTime() >= begin && !leadsElsewhere(status, expanded),
  );
  return {
    post: possible.find((status) => sameWords(status.text, payload.body.value)),
    doubtful: possible.find((status) => resembles(status.text, payload.body.value)),
  };
}

/** Null when the platform does not open the links: then the words must do. */
async function expandLinks(
  session: AccountSession,
  statuses: readonly Status[],
): Promise<ReadonlyMap<string, string> | null> {
  const short = statuses
    .flatMap((status) => linksIn(status.text))
    .filter(isShort)
    .slice(0, EXPAND_LIMIT);
  if (short.length === 0) return null;
  const asked = new URLSearchParams(short.map((link): [string, string] => ['url_short', link]));
  const answer = await callAs(session, {
    method: 'GET',
    path: `${apiPath(session, 'short_url/expand')}?${asked}`,
  });
  const links = answer.kind === 'ok' ? ExpandedLinks.safeParse(answer.json) : null;
  if (!links?.success) return null;
  return new Map(links.data.urls.filter((url) => url.url_long).map((url) => [url.url_short, url.url_long]));
}

/** Every link of the post is known, and none is ours (that would have been found before). */
function leadsElsewhere(status: Status, expanded: ReadonlyMap<string, string> | null): boolean {
  const links = linksIn(status.text);
  return links.length > 0 && links.every((link) => !isShort(link) || expanded?.has(link));
}

const isShort = (link: string): boolean => /^https?:\/\/t\.cn\/\w+$/.test(link);

async function isWholePeriod(
  session: AccountSession,
  sentAt: Date,
  statuses: readonly Status[],
): Promise<boolean> {
  const begin = sentAt.getTime() - WINDOW_BEFORE_MS;
  if (statuses.length >= TIMELINE_LENGTH) return statuses.some((status) => status.at.getTime() < begin);
  if (statuses.length > 0) return true;
  // Blocked applications get empty lists: an empty one is believed only if the account really has no posts.
  const uid = session.account.settings.uid ?? '';
  const answer = await callAs(session, {
    method: 'GET',
    path: apiPath(session, 'users/show'),
    query: { uid },
  });
  if (answer.kind !== 'ok') return false;
  const user = User.safeParse(answer.json);
  return user.success && user.data.posts === 0;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" };

/** Same text but for links, blanks, width and the entities that the platform writes. */
export function sameWords(theirs: string, ours: string): boolean {
  return normalise(theirs) === normalise(ours);
}

/** Begins alike: the platform may have changed a word, or cut the end. */
function resembles(theirs: string, ours: string): boolean {
  const [mine, other] = [normalise(ours), normalise(theirs)];
  return mine.slice(0, ALIKE) === other.slice(0, ALIKE) || mine.slice(-ALIKE) === other.slice(-ALIKE);
}

function normalise(text: string): string {
  return withoutLinks(unescapeFully(text))
    .normalize('NFKC')
    .replaceAll(/[\s\u200b-\u200d\ufeff]+/g, '');
}

/** Until nothing is left to do: a text may itself speak of `&amp;`, and the platform may or may not escape it. */
function unescapeFully(text: string): string {
  const plain = text.replaceAll(/&(lt|gt|quot|amp|#39);/g, (_whole, name: string) => entities[name] ?? '');
  return plain === text ? text : unescapeFully(plain);
}
