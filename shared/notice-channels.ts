import { z } from 'zod';
import { type Text, text } from './lang.ts';
import { NoticeKind } from './notices.ts';
import { route } from './route.ts';

export const mailChoices = ['off', 'urgent', 'all'] as const;
export const MailChoice = z.enum(mailChoices);
export type MailChoice = z.infer<typeof MailChoice>;
export const mailChoiceLabels = {
  off: text('不发邮件', 'No mail'),
  urgent: text('只发紧急的', 'Urgent ones only'),
  all: text('全部都发', 'All'),
} as const satisfies Record<MailChoice, Text>;

const Label = z.object({ zh: z.string(), en: z.string() });
const Moment = z.iso.datetime().nullable();

export const NoticeChannel = z.object({
  id: z.uuid(),
  /** 'mail', or a robot's id. */
  kind: z.string(),
  kindName: Label,
  name: z.string(),
  kinds: z.array(NoticeKind),
  active: z.boolean(),
  /** Failures in a row; nothing is tried before `heldUntil`. */
  failures: z.number().int(),
  heldUntil: Moment,
  lastError: z.string().nullable(),
  lastErrorAt: Moment,
  lastSentAt: Moment,
  waiting: z.number().int(),
  /** Given up within the last day. */
  givenUp: z.number().int(),
});
export type NoticeChannel = z.infer<typeof NoticeChannel>;

export const RobotKind = z.object({ id: z.string(), name: Label, help: Label, signed: z.boolean() });
export type RobotKind = z.infer<typeof RobotKind>;

const ChannelParams = z.object({ channelId: z.uuid() });
const ok = z.object({ ok: z.literal(true) });
const name = z.string().trim().min(1).max(40);

export const listNoticeChannels = route({
  method: 'GET',
  path: '/api/notice-channels',
  access: 'channel.manage',
  summary: 'Ways by which notices leave the desk, how each fares, and the robots there are.',
  reply: z.object({
    channels: z.array(NoticeChannel),
    robots: z.array(RobotKind),
    /** The sender; null where no mail server is set. */
    mailFrom: z.string().nullable(),
  }),
});

export const createNoticeChannel = route({
  method: 'POST',
  path: '/api/notice-channels',
  access: 'channel.manage',
  summary: 'Add the robot of a chat group.',
  body: z.object({
    robot: z.string().max(40),
    name,
    address: z.string().trim().min(1).max(500),
    secret: z.string().trim().max(200).default(''),
    kinds: z.array(NoticeKind).min(1),
  }),
  reply: z.object({ id: z.uuid() }),
});

export const updateNoticeChannel = route({
  method: 'PUT',
  path: '/api/notice-channels/:channelId',
  access: 'channel.manage',
  summary: 'Rename a channel, choose what it says, turn it off or on, or give it a new address.',
  params: ChannelParams,
  body: z.object({
    name: name.optional(),
    active: z.boolean().optional(),
    kinds: z.array(NoticeKind).min(1).optional(),
    address: z.string().trim().min(1).max(500).optional(),
    secret: z.string().trim().min(1).max(200).optional(),
  }),
  reply: ok,
});

export const testNoticeChannel = route({
  method: 'POST',
  path: '/api/notice-channels/:channelId/test',
  access: 'channel.manage',
  summary: 'Send a test by a robot; the channel then shows how it went.',
  params: ChannelParams,
  reply: ok,
});

export const getNoticePreferences = route({
  method: 'GET',
  path: '/api/notices/preferences',
  access: 'session',
  summary: 'Where my notices go besides the desk.',
  reply: z.object({
    mail: z.string().nullable(),
    mailWhen: MailChoice,
    /** False where no mail server is set: an address can be kept, nothing is sent. */
    mailReady: z.boolean(),
    /** How the latest mail to me went. */
    lastMail: z
      .object({
        state: z.enum(['waiting', 'sent', 'failed']),
        at: z.iso.datetime(),
        error: z.string().nullable(),
      })
      .nullable(),
  }),
});

export const saveNoticePreferences = route({
  method: 'PUT',
  path: '/api/notices/preferences',
  access: 'session',
  summary: 'Set my mail address and what is sent there.',
  body: z.object({ mail: z.email().max(120).nullable(), mailWhen: MailChoice }),
  reply: ok,
});

export const testMyMail = route({
  method: 'POST',
  path: '/api/notices/preferences/test',
  access: 'session',
  summary: 'Send a test mail to me.',
  reply: ok,
});
