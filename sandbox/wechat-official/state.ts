/** The stand-in's memory: plain JSON, one object per account. Times are epoch milliseconds of the sandbox clock. */
import type { World } from '../core/world.ts';

export const PLATFORM = 'wechat-official';

export type Article = {
  article_type: 'news' | 'newspic';
  title: string;
  author: string;
  digest: string;
  /** As stored by the platform: scripts, foreign pictures and outside links already filtered out. */
  content: string;
  content_source_url: string;
  thumb_media_id: string;
  need_open_comment: 0 | 1;
  only_fans_can_comment: 0 | 1;
};

export type Draft = { mediaId: string; articles: Article[]; updatedAt: number };

/** One `freepublish` job and, once it succeeded, the articles it put out. */
export type Publication = {
  publishId: string;
  msgDataId: string;
  draftId: string;
  articles: Article[];
  submittedAt: number;
  /** The platform's codes: 0 out, 1 running, 2 original check failed, 3 failed, 4 audit refused, 5 deleted. */
  status: 0 | 1 | 2 | 3 | 4 | 5;
  failIdx: number[];
  articleId: string | null;
  publishedAt: number | null;
  pageBase: string;
};

export type MassSend = {
  msgId: string;
  msgDataId: string;
  clientMsgId: string;
  draftId: string;
  articles: Article[];
  askedAt: number;
  state: 'waiting-administrator' | 'sending' | 'sent' | 'failed' | 'deleted';
  sentAt: number | null;
  pageBase: string;
};

export type Comment = {
  id: number;
  msgDataId: string;
  index: number;
  openid: string;
  nickname: string;
  content: string;
  at: number;
  elected: boolean;
  reply: { content: string; at: number } | null;
};

export type Person = {
  openid: string;
  nickname: string;
  subscribed: boolean;
  subscribedAt: number;
  lastMessageAt: number | null;
  /** Customer-service messages since the person's last message. */
  answered: number;
};

/** The kinds of messages with a file, as the platform names them. */
export type SentKind = 'image' | 'voice' | 'video';

/** A file that a person sent: kept for three days, by the id that the push told. */
export type SentFile = { sha256: string; kind: SentKind; at: number };

type ChatLine = {
  openid: string;
  from: 'person' | 'account';
  text: string;
  at: number;
  msgId: string;
  /** What was sent instead of words. */
  file?: SentKind;
};

export type PushTarget = {
  url: string;
  token: string;
  encodingAESKey: string;
  mode: 'safe' | 'plain' | 'compat';
  format: 'xml' | 'json';
};

/** One day's readers of one article, each kind of act by different people except comments. */
export type DayFigures = {
  read: number;
  share: number;
  zaikan: number;
  like: number;
  collection: number;
};

export type Button = {
  type?: string;
  name: string;
  key?: string;
  url?: string;
  sub_button?: Button[];
};

export type Token = { value: string; issuedAt: number; expiresAt: number };

export type WechatAccount = {
  appid: string;
  secret: string;
  name: string;
  kind: 'subscription' | 'service';
  verified: boolean;
  massProtection: boolean;
  /** Whether an answer that waits for the administrator carries `msg_id`; the documents do not say. */
  waitingAnswerHasId: boolean;
  originalId: string;
  publishDelayMs: number;
  tokenLifeMs: number;
  push: PushTarget | null;
  /** Where article addresses lead; the address of the request when null. */
  pageBase: string | null;
  tokens: Token[];
  forced: { day: string; count: number; lastAt: number };
  used: { day: string; calls: Record<string, number> };
  pictures: Record<string, { mime: string }>;
  materials: Record<string, { sha256: string; mime: string }>;
  drafts: Record<string, Draft>;
  publications: Publication[];
  massSends: MassSend[];
  /** By `msgDataId-index`; absent means that commenting is closed. */
  commenting: Record<string, boolean>;
  comments: Comment[];
  people: Record<string, Person>;
  chat: ChatLine[];
  /** By media id. */
  sent?: Record<string, SentFile>;
  /** By `msgDataId_N` with N from 1, then by day. */
  figures?: Record<string, Record<string, DayFigures>>;
  /** An article read by fewer people in a day is left out of that day's statistics. */
  figuresFrom: number;
  /** The newest day is still being counted: the statistics say `is_delay`. */
  figuresDelayed: boolean;
  menu?: Button[];
};

export type WechatState = { nextId: number; accounts: Record<string, WechatAccount> };

export function stateOf(world: World): WechatState {
  return world.state<WechatState>(PLATFORM, { nextId: 1, accounts: {} });
}

export function nextId(world: World): number {
  world.changed();
  return stateOf(world).nextId++;
}

/** Calendar day in Beijing, the platform's day for every quota: `2026-11-23`. */
export const dayOf = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
