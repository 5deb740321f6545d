/** The platform's shapes, read at the edge. Ids are numbers there and strings here. */
import { z } from 'zod';

const Id = z
  .number()
  .int()
  .nonnegative()
  .transform((id) => String(id));
const Address = z.url({ protocol: /^https?$/ });

/** `2026-11-22T22:03:09`, UTC without saying so; a draft that was never out has none or zeros. */
const TimeGmt = z
  .string()
  .nullish()
  .transform((text) => {
    const at = new Date(`${text}Z`);
    return text && !Number.isNaN(at.getTime()) ? at : null;
  });

export const Post = z.object({
  id: Id,
  status: z.string(),
  slug: z.string().default(''),
  link: Address.nullish().catch(null),
  date_gmt: TimeGmt,
  content: z.object({ raw: z.string().optional(), rendered: z.string().optional() }).default({}),
});
export type Post = z.infer<typeof Post>;
export const Posts = z.array(Post);

export const Picture = z.object({ id: Id, source_url: Address });

export const Comment = z.object({
  id: Id,
  /** 0 for people who are not signed in. */
  author: Id,
  author_name: z.string().default(''),
  parent: Id,
  date_gmt: TimeGmt,
  content: z.object({ rendered: z.string() }),
  status: z.string().default('approved'),
});
export type Comment = z.infer<typeof Comment>;
export const CommentPage = z.array(Comment);

/** Capabilities come in the context `edit` only. */
export const User = z.object({
  id: Id,
  name: z.string().default(''),
  capabilities: z.record(z.string(), z.boolean()).nullish(),
});
