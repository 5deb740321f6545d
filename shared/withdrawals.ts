/** Taking posts away again, from one account or from all of them at once. */
import { z } from 'zod';
import { type Text, text } from './lang.ts';
import { DeliveryState } from './publishing.ts';
import { route } from './route.ts';
import { TaskState } from './tasks.ts';

export const withdrawalStates = ['waiting', 'calling', 'by-hand', 'gone', 'never-out'] as const;
export const WithdrawalState = z.enum(withdrawalStates);
export type WithdrawalState = z.infer<typeof WithdrawalState>;
export const withdrawalStateLabels = {
  waiting: text('结果未明，一确定就撤', 'Not known yet; taken away as soon as it is'),
  calling: text('正在请平台撤下', 'The platform is being asked'),
  'by-hand': text('待人工撤下', 'To be taken away by hand'),
  gone: text('已撤下', 'Gone'),
  'never-out': text('没有发出', 'Never went out'),
} as const satisfies Record<WithdrawalState, Text>;

export const WithdrawalTarget = z.object({
  deliveryId: z.uuid(),
  accountName: z.string(),
  platformName: z.object({ zh: z.string(), en: z.string() }),
  deliveryState: DeliveryState,
  state: WithdrawalState,
  url: z.string().nullable(),
  /** What the platform said last, in its own code. */
  code: z.string().nullable(),
  tries: z.number().int(),
  task: z.object({ id: z.uuid(), state: TaskState, url: z.string() }).nullable(),
  updatedAt: z.iso.datetime(),
});

export const Withdrawal = z.object({
  id: z.uuid(),
  articleId: z.uuid().nullable(),
  reason: z.string(),
  deadline: z.iso.datetime(),
  askedByName: z.string(),
  askedAt: z.iso.datetime(),
  targets: z.array(WithdrawalTarget),
});
export type Withdrawal = z.infer<typeof Withdrawal>;

/** By when it must be gone; orders to withdraw name hours. */
const Order = z.object({
  reason: z.string().trim().min(1, '请写明原因 / say why').max(300),
  withinHours: z.number().int().min(1).max(72).default(2),
});

export const withdrawArticle = route({
  method: 'POST',
  path: '/api/articles/:articleId/withdrawal',
  access: 'delivery.manage',
  summary: 'Emergency: stop every post of an article that is not out, take away every one that is.',
  params: z.object({ articleId: z.uuid() }),
  body: Order,
  reply: z.object({ withdrawalId: z.uuid() }),
});

export const withdrawDelivery = route({
  method: 'POST',
  path: '/api/deliveries/:deliveryId/withdrawal',
  access: 'delivery.manage',
  summary: 'Take one post away: by the platform where it can, else by a task for a person.',
  params: z.object({ deliveryId: z.uuid() }),
  body: Order,
  reply: z.object({ withdrawalId: z.uuid() }),
});

export const listWithdrawals = route({
  method: 'GET',
  path: '/api/withdrawals',
  access: 'delivery.read',
  summary: 'Withdrawals, newest first, with what stands and what is gone on each account.',
  query: z.object({ articleId: z.uuid().optional(), deliveryId: z.uuid().optional() }),
  reply: z.object({ rows: z.array(Withdrawal) }),
});
