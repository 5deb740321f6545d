/** Who read, shared and liked: by day, Beijing time, known from eight in the morning of the next. */
import type { World } from '../core/world.ts';
import { type Call, type Json, text } from './call.ts';
import { longAddress } from './publication-info.ts';
import { Refusal } from './refusal.ts';
import { type Article, type DayFigures, dayOf, type WechatAccount } from './state.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The statistics of articles begin here. */
const FIRST_DAY = '2025-11-01';
/** Days for which an article is followed. */
const FOLLOWED = 30;

const none: DayFigures = { read: 0, share: 0, zaikan: 0, like: 0, collection: 0 };

const figuresOf = (account: WechatAccount, msgid: string, day: string): Readonly<DayFigures> =>
  account.figures?.[msgid]?.[day] ?? none;

/** Changes one day's figures of an article. */
export function setFigures(
  account: WechatAccount,
  msgid: string,
  day: string,
  change: (before: DayFigures) => Partial<DayFigures>,
): DayFigures {
  const before = figuresOf(account, msgid, day);
  const after = { ...before, ...change(before) };
  account.figures = { ...account.figures, [msgid]: { ...account.figures?.[msgid], [day]: after } };
  return after;
}

/** What a reader does on the page of an article. */
export function countReader(
  world: World,
  account: WechatAccount,
  post: { msgDataId: string; index: number },
  act: keyof DayFigures,
): void {
  const day = dayOf(world.clock.now());
  setFigures(account, `${post.msgDataId}_${post.index + 1}`, day, (before) => ({ [act]: before[act] + 1 }));
  world.changed();
}

type Published = { msgid: string; day: string; article: Article; pushed: boolean; url: string };

function publishedArticles(account: WechatAccount): Published[] {
  const rows = (
    out: { msgDataId: string; articles: Article[]; pageBase: string },
    at: number | null,
    pushed: boolean,
  ): Published[] =>
    out.articles.map((article, index) => ({
      ...{ msgid: `${out.msgDataId}_${index + 1}`, day: dayOf(at ?? 0), article, pushed },
      url: longAddress(out.pageBase, out.msgDataId, index + 1),
    }));
  return [
    ...account.publications
      .filter(({ status }) => status === 0)
      .flatMap((out) => rows(out, out.publishedAt, false)),
    ...account.massSends
      .filter(({ state }) => state === 'sent')
      .flatMap((send) => rows(send, send.sentAt, true)),
  ];
}

/** The days asked for. @throws {Refusal} 61500 malformed, 61501 too many or not over, 61503 not counted yet */
function daysAsked(call: Call, most: number): string[] {
  const begin = text(call.body, 'begin_date', 61500);
  const end = text(call.body, 'end_date', 61500);
  const shape = /^\d{4}-\d{2}-\d{2}$/;
  if (!shape.test(begin) || !shape.test(end)) throw new Refusal(61500);
  const now = call.world.clock.now();
  const today = dayOf(now);
  if (begin > end || end >= today) throw new Refusal(61501);
  const days = from(begin, Math.round((Date.parse(end) - Date.parse(begin)) / DAY) + 1);
  if (days.length > most) throw new Refusal(61501);
  const isCounted = now >= Date.parse(`${today}T08:00:00+08:00`);
  if (end === dayOf(now - DAY) && !isCounted) throw new Refusal(61503);
  return days;
}

const from = (day: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => new Date(Date.parse(day) + at * DAY).toISOString().slice(0, 10));

const sources = (readers: number): Json[] => [
  { user_count: readers, scene_desc: '全部' },
  { user_count: readers, scene_desc: '公众号主页' },
];

const told = (call: Call, list: Json[]): Json => {
  verified(call);
  return { list, is_delay: call.account.figuresDelayed };
};

function verified({ account }: Call): void {
  if (!account.verified) throw new Refusal(48001);
}

function articlesAsked(call: Call): { day: string; rows: Published[] } {
  verified(call);
  const [day = ''] = daysAsked(call, 1);
  if (day < FIRST_DAY) throw new Refusal(61501);
  return { day, rows: publishedArticles(call.account) };
}

/** `POST /datacube/getarticleread`: what was read on one day, whenever it was published. */
export function articleRead(call: Call): Json {
  const { day, rows } = articlesAsked(call);
  const list = rows.flatMap(({ msgid }) => {
    const { read } = figuresOf(call.account, msgid, day);
    if (read < call.account.figuresFrom) return [];
    return [{ ref_date: day, msgid, detail: { read_user: read, read_user_source: sources(read) } }];
  });
  return told(call, list);
}

/** `POST /datacube/getarticleshare` */
export function articleShare(call: Call): Json {
  const { day, rows } = articlesAsked(call);
  const list = rows.flatMap(({ msgid }) => {
    const { share } = figuresOf(call.account, msgid, day);
    return share < call.account.figuresFrom ? [] : [{ ref_date: day, msgid, detail: { share_user: share } }];
  });
  return told(call, list);
}

/** `POST /datacube/getarticletotaldetail`: articles of one publishing day, with a running total for each day since. */
export function articleTotals(call: Call): Json {
  const { day, rows } = articlesAsked(call);
  const now = call.world.clock.now();
  const isCounted = now >= Date.parse(`${dayOf(now)}T08:00:00+08:00`);
  const last = dayOf(now - (isCounted ? DAY : 2 * DAY));
  const list = rows
    .filter((row) => row.day === day)
    .map(({ msgid, article, pushed, url }) => ({
      ...{ ref_date: day, msgid, publish_type: pushed ? 0 : 1, title: article.title, content_url: url },
      detail_list: from(day, FOLLOWED)
        .filter((stat) => stat <= last)
        .map((stat) => totalUntil(call.account, msgid, day, stat)),
    }))
    .filter(({ detail_list }) =>
      detail_list.some((detail) => Number(detail.read_user) >= call.account.figuresFrom),
    );
  return told(call, list);
}

function totalUntil(account: WechatAccount, msgid: string, begin: string, stat: string): Json {
  const sum = { read: 0, share: 0, zaikan: 0, like: 0, collection: 0 };
  for (const [day, figures] of Object.entries(account.figures?.[msgid] ?? {})) {
    if (day < begin || day > stat) continue;
    for (const act of Object.keys(sum) as (keyof DayFigures)[]) sum[act] += figures[act];
  }
  const [msgDataId, number] = msgid.split('_');
  const comments = account.comments.filter(
    (comment) =>
      comment.msgDataId === msgDataId && comment.index === Number(number) - 1 && dayOf(comment.at) <= stat,
  );
  return {
    ...{ stat_date: stat, read_user: sum.read, read_user_source: sources(sum.read), share_user: sum.share },
    ...{ zaikan_user: sum.zaikan, like_user: sum.like, comment_count: comments.length },
    ...{ collection_user: sum.collection, praise_money: 0, read_subscribe_user: 0, read_delivery_rate: 0 },
    ...{ read_finish_rate: 0, read_avg_activetime: 0, read_jump_position: [] },
  };
}

/** `POST /datacube/getbizsummary`: the account as a whole, by day; a day without readers has no row. */
export function accountSummary(call: Call): Json {
  verified(call);
  const rows = publishedArticles(call.account);
  const list = daysAsked(call, 30).flatMap((day) => {
    const figures = rows.map(({ msgid }) => figuresOf(call.account, msgid, day));
    const sum = (act: keyof DayFigures) => figures.reduce((total, one) => total + one[act], 0);
    if (sum('read') < call.account.figuresFrom) return [];
    return [
      {
        ref_date: day,
        detail: {
          ...{ read_user: sum('read'), read_user_source: sources(sum('read')), share_user: sum('share') },
          ...{ zaikan_user: sum('zaikan'), like_user: sum('like'), collection_user: sum('collection') },
          comment_count: call.account.comments.filter((comment) => dayOf(comment.at) === day).length,
          redirect_ori_page_user: 0,
          send_page_count: rows.filter((row) => row.day === day).length,
        },
      },
    ];
  });
  return told(call, list);
}

/** `POST /datacube/getusercumulate` */
export function followersTotal(call: Call): Json {
  verified(call);
  const list = daysAsked(call, 7).map((day) => ({
    ...{ ref_date: day, user_source: 0 },
    cumulate_user: Object.values(call.account.people).filter(
      (person) => person.subscribed && dayOf(person.subscribedAt) <= day,
    ).length,
  }));
  return { list };
}

/** `POST /datacube/getusersummary`: days on which nobody came or left have no row. */
export function followersChange(call: Call): Json {
  verified(call);
  const list = daysAsked(call, 7).flatMap((day) => {
    const came = Object.values(call.account.people).filter((person) => dayOf(person.subscribedAt) === day);
    return came.length === 0
      ? []
      : [{ ref_date: day, user_source: 0, new_user: came.length, cancel_user: 0 }];
  });
  return { list };
}

/** The statistics that were discontinued. */
export function discontinued(): Json {
  throw new Refusal(47009);
}
