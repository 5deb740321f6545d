/** What an account can do, how far it was granted, and the figures a platform may give; labels for the screens. */
import { z } from 'zod';
import { type Text, text } from './lang.ts';

/** What people do with an account; screens and the matrix ask for these, never for a platform. */
export const accountAbilities = [
  'publish',
  'mass-send',
  'withdraw',
  'comments',
  'comment-reply',
  'moderation',
  'comment-switch',
  'messages',
  'push',
  'metrics',
  'menu',
] as const;
export const AccountAbility = z.enum(accountAbilities);
export type AccountAbility = z.infer<typeof AccountAbility>;
export const accountAbilityLabels = {
  publish: text('发布', 'Publish'),
  'mass-send': text('群发', 'Mass send'),
  withdraw: text('撤下', 'Withdraw'),
  comments: text('读评论', 'Read comments'),
  'comment-reply': text('回复评论', 'Answer comments'),
  moderation: text('精选与删除评论', 'Elect and delete comments'),
  'comment-switch': text('开关评论', 'Open and close comments'),
  messages: text('私信', 'Private messages'),
  push: text('接收推送', 'Receive pushes'),
  metrics: text('数据', 'Figures'),
  menu: text('菜单', 'Menu'),
} as const satisfies Record<AccountAbility, Text>;

/**
 * How far an ability reaches on one account. `unknown`: nobody could learn it without doing it. `assisted`: a person does it
 * with a prepared task. `unsupported`: the platform offers it to nobody.
 */
export const grants = ['granted', 'needs-application', 'assisted', 'unsupported', 'unknown'] as const;
export const Grant = z.enum(grants);
export type Grant = z.infer<typeof Grant>;
export const grantLabels = {
  granted: text('已开通', 'Granted'),
  'needs-application': text('需申请', 'Needs application'),
  assisted: text('人工协助', 'Assisted'),
  unsupported: text('平台不支持', 'Unsupported'),
  unknown: text('尚未确认', 'Not known'),
} as const satisfies Record<Grant, Text>;

/** Running totals of one post. */
export const metrics = ['reads', 'plays', 'likes', 'recommends', 'comments', 'shares', 'favourites'] as const;
export const Metric = z.enum(metrics);
export type Metric = z.infer<typeof Metric>;
export const metricLabels = {
  reads: text('阅读', 'Reads'),
  plays: text('播放', 'Plays'),
  likes: text('点赞', 'Likes'),
  recommends: text('在看', 'Recommends'),
  comments: text('评论', 'Comments'),
  shares: text('转发', 'Shares'),
  favourites: text('收藏', 'Favourites'),
} as const satisfies Record<Metric, Text>;

export const accountMetrics = ['followers', 'posts'] as const;
export const AccountMetric = z.enum(accountMetrics);
export type AccountMetric = z.infer<typeof AccountMetric>;
export const accountMetricLabels = {
  followers: text('粉丝', 'Followers'),
  posts: text('作品', 'Posts'),
} as const satisfies Record<AccountMetric, Text>;

/** How a figure was got; shown beside it with its time. Zero is not missing. */
export const captures = ['api', 'file', 'hand', 'unavailable'] as const;
export const Capture = z.enum(captures);
export type Capture = z.infer<typeof Capture>;
export const captureLabels = {
  api: text('接口', 'API'),
  file: text('文件导入', 'File'),
  hand: text('人工填报', 'By hand'),
  unavailable: text('平台不提供', 'Unavailable'),
} as const satisfies Record<Capture, Text>;
