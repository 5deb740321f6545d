/**
 * Figures. The platform counts different people, not page views; it has them by the day, yesterday at the latest, and
 * leaves out what lies below a threshold: missing is never zero.
 */
import type {
  AccountMetric,
  AccountSession,
  MeasuredPost,
  Metric,
  MetricsCapability,
  Outcome,
} from '#connectors/contract.ts';
import { call, type Json, reversibleFailure } from './client.ts';
import { msgDataIdOf } from './comment-address.ts';
import { dayBefore, dayOf, endOf, lastReadyDay } from './days.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** An article is followed for thirty days from its day on; the last of them is told on the next. */
const FOLLOWED_MS = 31 * DAY;
/** The statistics begin here; asking for an earlier day is refused. */
const FIRST_DAY = '2025-11-01';
const CUMULATE_DAYS = 7;
const NOT_READY = 61503;

type Totals = Partial<Record<Metric, number>>;
type Figure = { key: string; totals: Totals; asOf: Date };
type Failure = { failure: Outcome };

export const metrics: MetricsCapability = {
  counts: {
    reads: 'people',
    likes: 'people',
    recommends: 'people',
    shares: 'people',
    favourites: 'people',
    comments: 'times',
  },
  batch: 20,
  everyMs: (age) => (age < FOLLOWED_MS ? 6 * HOUR : null),
  posts,
  account,
};

/** One call for each day on which something was published; posts of today are not told yet and cost none. */
async function posts(
  session: AccountSession,
  asked: readonly MeasuredPost[],
): Promise<{ figures: Figure[] } | Failure> {
  const last = lastReadyDay(session.now());
  const byDay = Map.groupBy(asked, ({ publishedAt }) => dayOf(publishedAt));
  const figures: Figure[] = [];
  for (const [day, published] of byDay) {
    if (day > last || day < FIRST_DAY) continue;
    const found = await ofDay(session, day, published, last);
    if ('failure' in found) return found;
    figures.push(...found);
  }
  return { figures };
}

async function ofDay(
  session: AccountSession,
  day: string,
  published: readonly MeasuredPost[],
  last: string,
): Promise<Figure[] | Failure> {
  const told = await ask(session, 'getarticletotaldetail', day, day);
  if ('failure' in told) return told;
  const figures: Figure[] = [];
  for (const { key, ids } of published) {
    const article = await msgDataIdOf(session, ids);
    if ('failure' in article) {
      // An article whose number nobody knows has no figures; every other failure is the question's.
      if (article.failure.kind === 'rejected') continue;
      return article;
    }
    const msgid = `${article.msgDataId}_1`;
    const row = told.rows.find((candidate) => candidate.msgid === msgid);
    const figure = row ? newest(row, told.isDelayed ? last : null) : null;
    if (figure) figures.push({ key, ...figure });
    else if (day === last) {
      const first = await firstDay(session, day, msgid);
      if ('failure' in first) return first;
      if (first.totals) figures.push({ key, totals: first.totals, asOf: endOf(day) });
    }
  }
  return figures;
}

/** The newest day's row is the running total. While the platform is still counting that day, the one before is taken. */
function newest(row: Json, without: string | null): { totals: Totals; asOf: Date } | null {
  const details = Array.isArray(row.detail_list) ? (row.detail_list as Json[]) : [];
  const usable = details.filter(({ stat_date }) => typeof stat_date === 'string' && stat_date !== without);
  const detail = usable.toSorted((a, b) => (String(a.stat_date) < String(b.stat_date) ? 1 : -1))[0];
  if (!detail) return null;
  const totals = totalsOf(detail, {
    reads: 'read_user',
    likes: 'like_user',
    recommends: 'zaikan_user',
    shares: 'share_user',
    favourites: 'collection_user',
    comments: 'comment_count',
  });
  return Object.keys(totals).length > 0 ? { totals, asOf: endOf(String(detail.stat_date)) } : null;
}

/** On its first day what was read that day is the running total: the daily lists tell it before the detailed one does. */
async function firstDay(
  session: AccountSession,
  day: string,
  msgid: string,
): Promise<{ totals: Totals | null } | Failure> {
  const totals: Totals = {};
  for (const [path, names] of [
    ['getarticleread', { reads: 'read_user' }],
    ['getarticleshare', { shares: 'share_user' }],
  ] as const) {
    const told = await ask(session, path, day, day);
    if ('failure' in told) return told;
    const row = told.rows.find((candidate) => candidate.msgid === msgid);
    if (!told.isDelayed && row) Object.assign(totals, totalsOf(row.detail as Json, names));
  }
  return { totals: Object.keys(totals).length > 0 ? totals : null };
}

/** Only numbers that were told; an absent one is below the threshold or not counted. */
function totalsOf(detail: Json | undefined, names: Partial<Record<Metric, string>>): Totals {
  const totals: Totals = {};
  for (const [metric, field] of Object.entries(names) as [Metric, string][]) {
    const value = detail?.[field];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) totals[metric] = value;
  }
  return totals;
}

/** Followers as of the last day that is told; a day without a row is not a day without followers. */
async function account(
  session: AccountSession,
): Promise<{ totals: Partial<Record<AccountMetric, number>>; asOf: Date } | Failure> {
  const last = lastReadyDay(session.now());
  const told = await ask(session, 'getusercumulate', dayBefore(last, CUMULATE_DAYS - 1), last);
  if ('failure' in told) return told;
  const rows = told.rows.filter((row) => typeof row.ref_date === 'string');
  const row = rows.toSorted((a, b) => (String(a.ref_date) < String(b.ref_date) ? 1 : -1))[0];
  const followers = row?.cumulate_user;
  if (!row || typeof followers !== 'number') return { totals: {}, asOf: endOf(last) };
  return { totals: { followers }, asOf: endOf(String(row.ref_date)) };
}

async function ask(
  session: AccountSession,
  path: string,
  begin: string,
  end: string,
): Promise<{ rows: Json[]; isDelayed: boolean } | Failure> {
  const answer = await call(session, {
    method: 'POST',
    path: `/datacube/${path}`,
    json: { begin_date: begin, end_date: end },
  });
  if (answer.kind === 'refused' && answer.code === NOT_READY) {
    return { failure: { kind: 'retry-later', afterMs: HOUR, code: String(NOT_READY), scope: 'account' } };
  }
  if (answer.kind !== 'ok') return { failure: reversibleFailure(answer) };
  if (!Array.isArray(answer.body.list)) {
    return {
      failure: { kind: 'retry-later', afterMs: 60_000, code: 'unreadable-figures', scope: 'account' },
    };
  }
  return { rows: answer.body.list as Json[], isDelayed: answer.body.is_delay === true };
}
