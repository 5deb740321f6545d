import { z } from 'zod';
import { type Text, text } from './lang.ts';
import { DeliveryMode, Reach } from './package.ts';
import { route } from './route.ts';
import { TaskState } from './tasks.ts';

export const deliveryStates = [
  'planned',
  'due',
  'preparing',
  'prepared',
  'submitting',
  'pending',
  'published',
  'rejected',
  'failed',
  'unknown',
  'handed-off',
  'held',
  'withdrawn',
  'cancelled',
  'expired',
] as const;
export const DeliveryState = z.enum(deliveryStates);
export type DeliveryState = z.infer<typeof DeliveryState>;
export const deliveryStateLabels = {
  planned: text('已排期', 'Planned'),
  due: text('到时待发', 'Due'),
  preparing: text('准备中', 'Preparing'),
  prepared: text('已备好', 'Prepared'),
  submitting: text('发送中', 'Submitting'),
  pending: text('平台处理中', 'Pending'),
  published: text('已发布', 'Published'),
  rejected: text('平台退回', 'Rejected'),
  failed: text('未发出', 'Failed'),
  unknown: text('结果不明', 'Unknown'),
  'handed-off': text('待人工发布', 'Handed off'),
  held: text('暂缓', 'Held'),
  withdrawn: text('已撤下', 'Withdrawn'),
  cancelled: text('已取消', 'Cancelled'),
  expired: text('已过期', 'Expired'),
} as const satisfies Record<DeliveryState, Text>;

/** In one word; `reachLabels` says whom it tells. */
export const reachNames = {
  publish: text('发布', 'Publish'),
  'mass-send': text('群发', 'Mass send'),
  timeline: text('时间线', 'Timeline'),
  page: text('网页', 'Web page'),
} as const satisfies Record<Reach, Text>;

/** Whom a reach tells, in words a clerk uses. */
export const reachLabels = {
  publish: text('发布（不通知粉丝）', 'Publish (notifies no follower)'),
  'mass-send': text('群发（通知全部粉丝，占用次数）', 'Mass send (tells every follower, uses quota)'),
  timeline: text('发到时间线', 'Timeline post'),
  page: text('网页', 'Web page'),
} as const satisfies Record<Reach, Text>;

export const Delivery = z.object({
  id: z.uuid(),
  /** Null for a registered post without an article here. */
  articleId: z.uuid().nullable(),
  articleTitle: z.string(),
  accountId: z.uuid(),
  accountName: z.string(),
  platform: z.string(),
  platformName: z.object({ zh: z.string(), en: z.string() }),
  mode: DeliveryMode,
  reach: Reach,
  state: DeliveryState,
  reason: z.object({ zh: z.string(), en: z.string() }).nullable(),
  waitingFor: z.enum(['platform', 'administrator']).nullable(),
  dueAt: z.iso.datetime(),
  plannedWall: z.string(),
  publishedAt: z.iso.datetime().nullable(),
  lateSeconds: z.number().int().nullable(),
  url: z.string().nullable(),
  /** Null for a registered post: it went out without one. */
  shortLink: z.string().nullable(),
  attempts: z.number().int(),
  handoffUrl: z.string().nullable(),
  handoffDeadline: z.iso.datetime().nullable(),
  /** Of the latest task to post it by hand. */
  taskState: TaskState.nullable(),
});
export type Delivery = z.infer<typeof Delivery>;

export const Attempt = z.object({
  number: z.number().int(),
  step: z.enum(['prepare', 'submit', 'check', 'person', 'discard']),
  startedAt: z.iso.datetime(),
  firstByteAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  exchanges: z.array(z.unknown()),
  outcome: z.unknown(),
});
export type Attempt = z.infer<typeof Attempt>;

const DeliveryParams = z.object({ deliveryId: z.uuid() });
const ok = z.object({ ok: z.literal(true) });
const reason = z.string().trim().min(1, '请写明原因 / say why').max(300);

export const listDeliveries = route({
  method: 'GET',
  path: '/api/deliveries',
  access: 'delivery.read',
  summary: 'Deliveries, latest planned time first; by article, state, account, platform and day of Shanghai.',
  query: z.object({
    articleId: z.uuid().optional(),
    state: DeliveryState.optional(),
    accountId: z.uuid().optional(),
    platform: z.string().max(40).optional(),
    day: z.iso.date().optional(),
    cursor: z.string().max(200).optional(),
  }),
  reply: z.object({ rows: z.array(Delivery), next: z.string().nullable() }),
});

export const getDelivery = route({
  method: 'GET',
  path: '/api/deliveries/:deliveryId',
  access: 'delivery.read',
  summary: 'One delivery with every attempt and its masked exchanges.',
  params: DeliveryParams,
  reply: Delivery.extend({ attemptLog: z.array(Attempt), payload: z.unknown() }),
});

export const holdDelivery = route({
  method: 'POST',
  path: '/api/deliveries/:deliveryId/hold',
  access: 'delivery.manage',
  summary: 'Hold a delivery that is not yet on its way.',
  params: DeliveryParams,
  body: z.object({ reason }),
  reply: ok,
});

export const releaseDelivery = route({
  method: 'POST',
  path: '/api/deliveries/:deliveryId/release',
  access: 'delivery.manage',
  summary: 'Release a held delivery: now, or at another time within the approved window.',
  params: DeliveryParams,
  body: z.object({
    plannedWall: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/)
      .nullable(),
  }),
  reply: ok,
});

export const cancelDelivery = route({
  method: 'POST',
  path: '/api/deliveries/:deliveryId/cancel',
  access: 'delivery.manage',
  summary: 'Cancel a delivery that is not yet on its way.',
  params: DeliveryParams,
  body: z.object({ reason }),
  reply: ok,
});

export const retryDelivery = route({
  method: 'POST',
  path: '/api/deliveries/:deliveryId/retry',
  access: 'delivery.manage',
  summary: 'Try a failed delivery again (never one whose outcome is unknown).',
  params: DeliveryParams,
  body: z.object({}),
  reply: ok,
});

export const checkDeliveryNow = route({
  method: 'POST',
  path: '/api/deliveries/:deliveryId/check',
  access: 'delivery.read',
  summary: 'Read back from the platform now.',
  params: DeliveryParams,
  body: z.object({}),
  reply: ok,
});

/** A person says what happened to an unknown delivery; evidence is required and audited. */
export const decideDelivery = route({
  method: 'POST',
  path: '/api/deliveries/:deliveryId/decision',
  access: 'delivery.decide',
  summary: 'Decide an unknown delivery: it went out (with its link), or it did not (send again or give up).',
  params: DeliveryParams,
  body: z.object({
    verdict: z.enum(['went-out', 'did-not-resend', 'did-not-cancel']),
    url: z.url({ protocol: /^https?$/ }).nullable(),
    evidence: z.string().trim().min(2).max(500),
  }),
  reply: ok,
});
