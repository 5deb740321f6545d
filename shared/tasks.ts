/** Work that a person does on a platform with what we prepared: posting, taking away, answering. */
import { z } from 'zod';
import { type Text, text } from './lang.ts';
import { route } from './route.ts';

export const taskKinds = ['publish', 'withdraw', 'reply'] as const;
export const TaskKind = z.enum(taskKinds);
export type TaskKind = z.infer<typeof TaskKind>;
export const taskKindLabels = {
  publish: text('人工发布', 'Post by hand'),
  withdraw: text('人工撤下', 'Take away by hand'),
  reply: text('人工回复', 'Answer by hand'),
} as const satisfies Record<TaskKind, Text>;

export const taskStates = [
  'pending',
  'opened',
  'claimed',
  'verified',
  'returned',
  'expired',
  'cancelled',
] as const;
export const TaskState = z.enum(taskStates);
export type TaskState = z.infer<typeof TaskState>;
export const taskStateLabels = {
  pending: text('待打开', 'Waiting'),
  opened: text('已打开', 'Opened'),
  claimed: text('已完成，待他人核对', 'Done, to be checked'),
  verified: text('已核实', 'Verified'),
  returned: text('已退回重做', 'Returned'),
  expired: text('已过期', 'Expired'),
  cancelled: text('已取消', 'Cancelled'),
} as const satisfies Record<TaskState, Text>;

/** What the person shows for it. */
export const TaskProof = z.object({
  url: z.string().optional(),
  note: z.string().optional(),
  /** Address of the stored screenshot. */
  screenshot: z.string().optional(),
  /** The platform itself told that it is out. */
  told: z.literal(true).optional(),
});
export type TaskProof = z.infer<typeof TaskProof>;

const Label = z.object({ zh: z.string(), en: z.string() });

/** A link that opens the platform's app with everything filled in; `none`: nobody asked yet, or it ended. */
export const AppLink = z.object({
  state: z.enum(['none', 'making', 'ready', 'failed']),
  app: Label,
  phone: z.string().nullable(),
  desk: z.string().nullable(),
  until: z.iso.datetime().nullable(),
  failure: z.string().nullable(),
});
export type AppLink = z.infer<typeof AppLink>;

/** As the task's own page shows it; the token in the address is the only key. */
export const HandOffTask = z.object({
  kind: TaskKind,
  title: z.string(),
  accountName: z.string(),
  platformName: Label,
  state: TaskState,
  deadline: z.iso.datetime(),
  executorName: z.string().nullable(),
  returnReason: z.string().nullable(),
  instructions: z.array(Label),
  copy: z.array(
    z.object({
      field: z.enum(['title', 'digest', 'body', 'quote', 'link']),
      text: z.string(),
      /** As the field takes it, and the count of the whole; null where no limit is known. */
      fit: z
        .object({
          text: z.string(),
          used: z.number().int(),
          limit: z.number().int(),
          unit: z.enum(['characters', 'bytes']),
        })
        .nullable(),
    }),
  ),
  /** In the order of posting; pictures in the shape that the platform shows. */
  media: z.array(
    z.object({
      url: z.string(),
      name: z.string(),
      kind: z.enum(['picture', 'video']),
      role: z.enum(['cover', 'body', 'video']),
      /** From 1, in the order of posting. */
      place: z.number().int(),
      /** `3:4`; null: as it is. */
      ratio: z.string().nullable(),
      /** Who cut it: a colleague in the library, or the program around what draws the eye; null: uncut. */
      cutBy: z.enum(['person', 'program']).nullable(),
      /** Another shape of the cover. */
      spare: z.boolean(),
      originalUrl: z.string(),
    }),
  ),
  mediaPackUrl: z.string().nullable(),
  /** True where the link of the post proves it; a screenshot and a second person always do. */
  takesLink: z.boolean(),
  /** Null where the platform or the account offers none. */
  appLink: AppLink.nullable(),
  proof: TaskProof,
});
export type HandOffTask = z.infer<typeof HandOffTask>;

/** As the desk lists it. */
export const AssistedTask = z.object({
  id: z.uuid(),
  kind: TaskKind,
  subjectId: z.uuid(),
  title: z.string(),
  accountName: z.string(),
  platformName: Label,
  state: TaskState,
  deadline: z.iso.datetime(),
  executorName: z.string().nullable(),
  claimedByName: z.string().nullable(),
  /** The caller said themselves that it is done: another person checks. */
  claimedByMe: z.boolean(),
  proof: TaskProof,
  returnReason: z.string().nullable(),
  url: z.string(),
});
export type AssistedTask = z.infer<typeof AssistedTask>;

const TokenParams = z.object({ token: z.string().regex(/^[\w-]{22}$/) });
const TaskParams = z.object({ taskId: z.uuid() });
const ok = z.object({ ok: z.literal(true) });

export const getHandOff = route({
  method: 'GET',
  path: '/api/hand-off/:token',
  access: 'public',
  summary: 'A task for a person by its short-lived token.',
  params: TokenParams,
  reply: HandOffTask,
});

export const openHandOff = route({
  method: 'POST',
  path: '/api/hand-off/:token/opening',
  access: 'public',
  summary: 'Say that the task was seen; repeatable.',
  params: TokenParams,
  body: z.object({}),
  reply: ok,
});

export const askAppLink = route({
  method: 'POST',
  path: '/api/hand-off/:token/app-link',
  access: 'public',
  summary: 'Ask for a link that opens the app with everything filled in; the page then shows it. Repeatable.',
  params: TokenParams,
  body: z.object({}),
  reply: ok,
});

export const proveHandOff = route({
  method: 'POST',
  path: '/api/hand-off/:token/proof',
  access: 'public',
  summary: 'Paste the share text back; the link of the platform is found in it and proves the post.',
  params: TokenParams,
  body: z.object({ pasted: z.string().min(1).max(5_000) }),
  reply: z.object({ url: z.string() }),
});

/** Multipart: `note`, and `file` with the screenshot. */
export const claimHandOff = route({
  method: 'POST',
  path: '/api/hand-off/:token/claim',
  access: 'public',
  summary:
    'Say that it is done, with a screenshot; a second person checks it. By whom: the session, else the named executor.',
  params: TokenParams,
  reply: ok,
});

export const listTasks = route({
  method: 'GET',
  path: '/api/tasks',
  access: 'delivery.read',
  summary: 'Tasks done by hand that are open, by deadline; or those of one post or reply.',
  query: z.object({ subjectId: z.uuid().optional() }),
  reply: z.object({ rows: z.array(AssistedTask) }),
});

export const assignTask = route({
  method: 'PUT',
  path: '/api/tasks/:taskId/executor',
  access: 'delivery.manage',
  summary: 'Give a task to one person, or to whoever has the link; the old link ends.',
  params: TaskParams,
  body: z.object({ personId: z.uuid().nullable() }),
  reply: ok,
});

export const checkTask = route({
  method: 'POST',
  path: '/api/tasks/:taskId/check',
  access: 'handoff.perform',
  summary: 'A second person looked: verified, or returned with a reason.',
  params: TaskParams,
  body: z.discriminatedUnion('verdict', [
    z.object({ verdict: z.literal('verified') }),
    z.object({ verdict: z.literal('returned'), reason: z.string().trim().min(1).max(300) }),
  ]),
  reply: ok,
});

export const handOverReply = route({
  method: 'POST',
  path: '/api/replies/:replyId/hand-over',
  access: 'inbox.answer',
  summary: 'Make a task by hand of an answer that the platform took no more.',
  params: z.object({ replyId: z.uuid() }),
  reply: ok,
});
