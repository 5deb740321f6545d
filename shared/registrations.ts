/** Posts published elsewhere on our accounts: registered by their link, one by one or from a sheet. */
import { z } from 'zod';
import { route } from './route.ts';
import { MadeFile, RowProblem } from './sheet.ts';

const Wall = z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/);

export const RegistrationRow = z.object({
  accountId: z.uuid(),
  /** The link, or the whole share text with the link in it. */
  pasted: z.string().trim().min(1).max(5_000),
  title: z.string().trim().min(1).max(120),
  /** When it went out there, wall time in Asia/Shanghai. */
  publishedWall: Wall,
  /** The article of ours that it is, if it is one. */
  articleId: z.uuid().nullable().default(null),
});
export type RegistrationRow = z.infer<typeof RegistrationRow>;

/** As read, with everything that keeps it from being registered; nothing is saved by reading. */
export const CheckedRegistration = z.object({
  /** Row number in the sheet, from 1; 1 for a single one. */
  line: z.number().int(),
  accountId: z.uuid().nullable(),
  accountName: z.string(),
  pasted: z.string(),
  url: z.string().nullable(),
  title: z.string(),
  publishedWall: Wall.nullable(),
  articleId: z.uuid().nullable(),
  problems: z.array(RowProblem),
  /** The post that is here already under this link. */
  duplicateOf: z.uuid().nullable(),
});
export type CheckedRegistration = z.infer<typeof CheckedRegistration>;

export const registrationsAtOnce = 500;

/** Loose on purpose: a form asks while it is being filled in. */
const AskedRegistration = z.object({
  accountId: z.uuid(),
  pasted: z.string().max(5_000),
  title: z.string().max(200),
  publishedWall: z.string().max(40),
  articleId: z.uuid().nullable().default(null),
});

export const checkRegistration = route({
  method: 'POST',
  path: '/api/registrations/check',
  access: 'delivery.manage',
  summary:
    'Look at a post before it is registered: its link found, duplicates, what is missing. Saves nothing.',
  body: AskedRegistration,
  reply: CheckedRegistration,
});

export const readRegistrationSheet = route({
  method: 'POST',
  path: '/api/registrations/sheet',
  access: 'delivery.manage',
  summary: 'Read an xlsx or csv of posts to register (multipart field `file`). Saves nothing.',
  reply: z.object({ rows: z.array(CheckedRegistration) }),
});

export const registerPosts = route({
  method: 'POST',
  path: '/api/registrations',
  access: 'delivery.manage',
  summary: 'Register posts that stand on our accounts already: all of them, or none when one is wrong.',
  body: z.object({ rows: z.array(RegistrationRow).min(1).max(registrationsAtOnce) }),
  reply: z.object({ ids: z.array(z.uuid()) }),
});

export const removeRegistration = route({
  method: 'POST',
  path: '/api/registrations/:deliveryId/removal',
  access: 'delivery.manage',
  summary: 'Take back a registration made by mistake, with its figures; the audit log keeps what it was.',
  params: z.object({ deliveryId: z.uuid() }),
  body: z.object({ reason: z.string().trim().min(1).max(300) }),
  reply: z.object({ ok: z.literal(true) }),
});

export const getRegistrationTemplate = route({
  method: 'GET',
  path: '/api/registrations/template',
  access: 'delivery.manage',
  summary: 'An xlsx to fill in, with the accounts of the bureau on its second sheet.',
  reply: MadeFile,
});
