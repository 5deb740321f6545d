/** The platform's shapes, read at the edge. */
import { z } from 'zod';

const Id = z.union([z.number().int().positive(), z.string().regex(/^\d+$/)]).transform(String);
/** Seconds; 0 where there is no such time. */
const Seconds = z.coerce
  .number()
  .default(0)
  .transform((seconds) => (seconds > 0 ? new Date(seconds * 1000) : null));

/** Longer than thirty years as a life, so it can only be a moment: the documents show `1630220614`. */
const ABSOLUTE = 1e9;

export const TokenPair = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.coerce.number().positive(),
});

/** Epoch milliseconds at which the access token ends; integrators see a life in seconds, the documents a moment. */
export function endOf(expiresIn: number, now: Date): number {
  return expiresIn > ABSOLUTE ? expiresIn * 1000 : now.getTime() + expiresIn * 1000;
}

export const AccountInfo = z.object({ name: z.string(), openid: z.string().min(1) });
export const AccountScopes = z.object({ openid: z.string().min(1), scopes: z.array(z.string()) });
export const UploadedPicture = z.object({ url: z.string().regex(/^https?:\/\/[^\s"'<>]+$/) });
export const SubmittedArticle = z.object({ id: Id });

export const BegunUpload = z.object({ upload_token: z.string().min(1) });
const Bvid = z.string().regex(/^BV\w{4,20}$/);
export const SubmittedVideo = z.object({ resource_id: Bvid });

export const Video = z
  .object({
    resource_id: Bvid,
    title: z.string().default(''),
    desc: z.string().default(''),
    ctime: Seconds,
    ptime: Seconds,
    addit_info: z.object({
      state: z.coerce.number(),
      state_desc: z.string().default(''),
      reject_reason: z.string().default(''),
    }),
  })
  .transform(({ resource_id: id, addit_info, ...rest }) => ({ id, ...rest, ...addit_info }));
export type Video = z.infer<typeof Video>;

export const VideoList = z.object({
  list: z
    .array(Video)
    .nullish()
    .transform((list) => list ?? []),
  page: z.object({ total: z.number().int() }),
});

const Count = z.coerce.number().int().nonnegative().optional();
export const VideoFigures = z.object({
  ...{ view: Count, reply: Count, favorite: Count, share: Count, like: Count },
});
export const UserFigures = z.object({ follower: Count, arc_passed_total: Count });

export const Article = z.object({
  id: Id,
  title: z.string(),
  content: z.string().default(''),
  reason: z.string().default(''),
  ctime: Seconds,
  publish_time: Seconds,
});
export type Article = z.infer<typeof Article>;

/** Two copies of the documents name the list and its page differently. */
export const ArticleList = z
  .object({
    articles: z.array(Article).nullable().optional(),
    list: z.array(Article).nullable().optional(),
    artPage: z.object({ total: z.number().int() }).optional(),
    page: z.object({ total: z.number().int() }).optional(),
  })
  .transform((read) => ({
    articles: read.articles ?? read.list ?? [],
    total: (read.artPage ?? read.page)?.total ?? null,
  }))
  // An empty object lists nothing and proves nothing.
  .refine((read) => read.total !== null)
  .transform(({ articles, total }) => ({ articles, total: total ?? 0 }));
