/** The platform's shapes, read at the edge. */
import { z } from 'zod';

const Text = z.string().min(1);
const Seconds = z.coerce.number().positive();
const Count = z.coerce.number().int().nonnegative().optional();

export const TokenPair = z.object({
  access_token: Text,
  expires_in: Seconds,
  refresh_token: Text,
  refresh_token_expires_in: Seconds,
});
export const Granted = z.object({ open_id: Text, scopes: z.array(z.string()).default([]) });

export const UserInfo = z
  .object({ user_info: z.object({ name: z.string().default(''), fan: Count }) })
  .transform(({ user_info }) => user_info);
export const PhotoCount = z.object({ public_count: Count });

export const StartedUpload = z.object({
  upload_token: Text,
  /** A host; with a path on a stand-in. */
  endpoint: z.string().regex(/^[\w.\-:/]+$/),
});

const Video = z
  .object({
    photo_id: Text,
    caption: z.string().default(''),
    /** Epoch milliseconds. */
    create_time: z.coerce.number().positive(),
    pending: z.boolean().optional(),
    like_count: Count,
    comment_count: Count,
    view_count: Count,
  })
  .transform((video) => ({
    id: video.photo_id,
    caption: video.caption,
    at: new Date(video.create_time),
    pending: video.pending,
    figures: { plays: video.view_count, likes: video.like_count, comments: video.comment_count },
  }));
export type Video = z.infer<typeof Video>;

export const VideoInfo = z.object({ video_info: Video }).transform(({ video_info }) => video_info);
export const VideoList = z.object({ video_list: z.array(Video) }).transform(({ video_list }) => video_list);
