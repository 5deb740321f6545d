/** Whether people may comment on a post that is out; asked of the platform by the worker. */
import { z } from 'zod';
import { type Text, text } from './lang.ts';
import { route } from './route.ts';

const switchStates = ['acting', 'done', 'failed'] as const;
export const SwitchState = z.enum(switchStates);
export type SwitchState = z.infer<typeof SwitchState>;
export const switchStateLabels = {
  acting: text('正在通知平台', 'Being told to the platform'),
  done: text('已生效', 'In force'),
  failed: text('没有成功', 'Failed'),
} as const satisfies Record<SwitchState, Text>;

export const CommentSwitch = z.object({
  open: z.boolean(),
  state: SwitchState,
  reason: z.string(),
  /** The platform's own word. */
  failure: z.string().nullable(),
  askedByName: z.string().nullable(),
  askedAt: z.iso.datetime(),
});
export type CommentSwitch = z.infer<typeof CommentSwitch>;

const params = z.object({ deliveryId: z.uuid() });

export const getCommentSwitch = route({
  method: 'GET',
  path: '/api/deliveries/:deliveryId/comment-switch',
  access: 'delivery.read',
  summary: 'Whether comments of a post can be opened and closed from here, and the last wish.',
  params,
  reply: z.object({ offered: z.boolean(), last: CommentSwitch.nullable() }),
});

export const setCommentSwitch = route({
  method: 'POST',
  path: '/api/deliveries/:deliveryId/comment-switch',
  access: 'delivery.manage',
  summary: 'Open or close the comments of a published post; the worker tells the platform.',
  params,
  body: z.object({ open: z.boolean(), reason: z.string().trim().min(2).max(300) }),
  reply: z.object({ ok: z.literal(true) }),
});
