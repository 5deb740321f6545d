/** The platform's shapes, read at the edge. Ids are taken from `idstr` or `mid`: numbers may lose digits one day. */
import { z } from 'zod';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Fri Nov 20 10:00:00 +0800 2026`; null when it is not such a time. */
export function readTime(text: string): Date | null {
  const match = /^\w{3} (\w{3}) (\d{2}) (\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2}) (\d{4})$/.exec(text.trim());
  if (!match) return null;
  const [, month = '', day, clock, hours, minutes, year] = match;
  const number = String(months.indexOf(month) + 1).padStart(2, '0');
  const at = new Date(`${year}-${number}-${day}T${clock}${hours}:${minutes}`);
  return Number.isNaN(at.getTime()) ? null : at;
}

const Time = z.string().transform((text, context) => {
  const at = readTime(text);
  if (at) return at;
  context.addIssue({ code: 'custom', message: `not a time of this platform: ${text}` });
  return z.NEVER;
});

const Digits = z.string().regex(/^\d+$/);
const idFields = {
  id: z.union([z.number().int(), Digits]).optional(),
  mid: Digits.optional(),
  idstr: Digits.optional(),
};

function idOf(value: { id?: number | string; mid?: string; idstr?: string }): string {
  return value.idstr ?? value.mid ?? String(value.id ?? '');
}
const hasId = (value: { id?: number | string; mid?: string; idstr?: string }) => idOf(value) !== '';

export const User = z
  .object({
    ...idFields,
    screen_name: z.string().optional(),
    statuses_count: z.number().optional(),
    followers_count: z.number().int().nonnegative().optional(),
  })
  .refine(hasId)
  .transform((user) => ({
    id: idOf(user),
    name: user.screen_name ?? null,
    posts: user.statuses_count ?? null,
    followers: user.followers_count ?? null,
  }));

export const Status = z
  .looseObject({ ...idFields, created_at: Time, text: z.string() })
  .refine(hasId)
  .transform((status) => ({
    id: idOf(status),
    at: status.created_at,
    text: status.text,
    whole: status as unknown,
  }));
export type Status = z.infer<typeof Status>;

export const Timeline = z.object({ statuses: z.array(Status) });

export const Comment = z
  .object({
    ...idFields,
    created_at: Time,
    text: z.string(),
    user: User.optional(),
    reply_comment: z.object(idFields).optional(),
  })
  .refine(hasId)
  .transform((comment) => ({
    id: idOf(comment),
    at: comment.created_at,
    text: comment.text,
    user: comment.user ?? null,
    answers: comment.reply_comment ? idOf(comment.reply_comment) : null,
  }));
export type Comment = z.infer<typeof Comment>;

export const CommentPage = z.object({
  comments: z.array(Comment),
  total_number: z.coerce.number().default(0),
});

/** The post that was deleted. */
export const Deleted = z.object(idFields).refine(hasId).transform(idOf);

/** A post that names the account; its own page has no more to it than a comment's. */
export const MentionPage = z.object({ statuses: z.array(Comment) });

/** Absent is absent: nothing is read as zero. */
const Figure = z
  .union([z.number().int().nonnegative(), z.string().regex(/^\d+$/).transform(Number)])
  .optional()
  .catch(undefined);
/** `likes` in the business interface, `attitudes` in the open one; `reads` for media accounts. */
export const FigureList = z.array(
  z
    .object({
      ...idFields,
      ...{ comments: Figure, reposts: Figure, attitudes: Figure, likes: Figure, reads: Figure },
    })
    .transform((row) => ({ ...row, id: idOf(row) })),
);

export const PictureId = z.object({ pic_id: z.string().min(1) });

export const Counts = z.array(z.object(idFields).transform(idOf));

export const ExpandedLinks = z.object({
  urls: z.array(z.object({ url_short: z.string(), url_long: z.string(), result: z.boolean().optional() })),
});

/** `expires_in` is a string in the documents. */
export const Token = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number(),
  uid: z.coerce.string().regex(/^\d+$/),
});

export const TokenInfo = z.object({
  uid: z.coerce.string().regex(/^\d+$/),
  /** Seconds left. */
  expire_in: z.coerce.number(),
});
