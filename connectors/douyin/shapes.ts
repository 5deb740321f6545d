/** The platform's shapes, read at the edge. Numbers may be written as strings. */
import { z } from 'zod';

const Text = z.string().min(1);
/** Epoch seconds. */
const Seconds = z.coerce
  .number()
  .positive()
  .transform((seconds) => new Date(seconds * 1000));
const Count = z.coerce.number().default(0);

const within = <T extends z.ZodType>(data: T) =>
  z.object({ data }).transform((whole) => (whole as { data: z.output<T> }).data);

export const Access = within(
  z.object({ access_token: Text, expires_in: z.coerce.number().positive(), open_id: Text }),
);

export const Granted = within(
  z.object({
    refresh_token: Text,
    refresh_expires_in: z.coerce.number().positive(),
    open_id: Text,
    scope: z.string().default(''),
  }),
);

export const RenewedRefresh = within(
  z.object({ refresh_token: Text, expires_in: z.coerce.number().positive() }),
);

export const UserInfo = within(z.object({ open_id: Text, nickname: z.string().default('') }));

export const UploadedImage = within(z.object({ image: z.object({ image_id: Text }) }));

export const BegunUpload = within(z.object({ upload_id: Text }));
export const UploadedVideo = within(z.object({ video: z.object({ video_id: Text }) }));

export const FansDays = within(
  z.object({ result_list: z.array(z.object({ date: z.iso.date(), total_fans: z.coerce.number().int() })) }),
).transform(({ result_list: list }) =>
  list.map(({ date, total_fans }) => ({ day: date, total: total_fans })),
);

export const CreatedItem = within(z.object({ item_id: Text, video_id: z.coerce.string().optional() }));

/** What the answer leaves out stays out: it is not zero. */
function totalsOf(figures: {
  play_count?: number | undefined;
  digg_count?: number | undefined;
  comment_count?: number | undefined;
  share_count?: number | undefined;
}): Partial<Record<'plays' | 'likes' | 'comments' | 'shares', number>> {
  const { play_count: plays, digg_count: likes, comment_count: comments, share_count: shares } = figures;
  return {
    ...(plays === undefined ? {} : { plays }),
    ...(likes === undefined ? {} : { likes }),
    ...(comments === undefined ? {} : { comments }),
    ...(shares === undefined ? {} : { shares }),
  };
}

const Figure = z.coerce.number().int().nonnegative();
const Item = z
  .object({
    item_id: Text,
    title: z.string().default(''),
    create_time: Seconds,
    share_url: z.string().default(''),
    is_top: z.boolean().default(false),
    /** Left out by the platform since 2024-12-13 (its bulletin of 2024-11-15), unless the application keeps it. */
    is_reviewed: z.boolean().optional(),
    video_status: z.coerce.number().optional(),
    statistics: z
      .object({ play_count: Figure, digg_count: Figure, comment_count: Figure, share_count: Figure })
      .partial()
      .default({}),
  })
  .transform((item) => ({
    id: item.item_id,
    text: item.title,
    at: item.create_time,
    shareUrl: item.share_url,
    pinned: item.is_top,
    reviewed: item.is_reviewed,
    status: item.video_status,
    totals: totalsOf(item.statistics),
    /** Somebody's plays, likes, comments and shares together. */
    seen: Object.values(item.statistics).reduce((sum: number, count) => sum + (count ?? 0), 0),
  }));
export type Item = z.infer<typeof Item>;

export const ItemList = within(
  z.object({
    list: z
      .array(Item)
      .nullish()
      .transform((list) => list ?? []),
  }),
);

const paging = { cursor: z.coerce.number().default(0), has_more: z.boolean() };

export const ItemPage = within(z.object({ ...paging, list: z.array(Item) }));

const Comment = z
  .object({
    comment_id: Text,
    comment_user_id: z.string().default(''),
    nick_name: z.string().nullish(),
    content: z.string(),
    create_time: Seconds,
    digg_count: Figure.optional().catch(undefined),
    reply_comment_total: Count,
  })
  .transform((comment) => ({
    id: comment.comment_id,
    userId: comment.comment_user_id,
    name: comment.nick_name || null,
    text: comment.content,
    at: comment.create_time,
    replies: comment.reply_comment_total,
    likes: comment.digg_count,
  }));
export type Comment = z.infer<typeof Comment>;

export const CommentPage = within(
  z.object({
    ...paging,
    list: z
      .array(Comment)
      .nullish()
      .transform((list) => list ?? []),
  }),
);

export const CreatedComment = within(z.object({ comment_id: Text }));
