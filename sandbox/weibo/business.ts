/** The business interface: the same platform with fewer blinds, for applications that were granted it. */
import { type Call, type Handler, required, whole } from './call.ts';
import { replyToComment, showComments } from './comments.ts';
import { commentMentions, postMentions, toMe } from './mentions.ts';
import { Refusal } from './refusal.ts';
import {
  countStatuses,
  destroy,
  expandLinks,
  keepPicture,
  livePosts,
  publishPost,
  showUser,
  userTimeline,
} from './statuses.ts';
import { countCharacters } from './text.ts';

const MOST_PICTURES = 9;

/** `upload_pic/biz`: the picture waits for its post. */
function uploadPicture({ account, world, file }: Call): unknown {
  if (!file) throw new Refusal(20007);
  const sha256 = keepPicture(world, file);
  const id = sha256.slice(0, 32);
  account.pictures = { ...account.pictures, [id]: sha256 };
  return { pic_id: id };
}

function text(call: Call, longest: number): string {
  const status = required(call.fields, 'status');
  required(call.fields, 'rip');
  if (countCharacters(status) > longest) throw new Refusal(20012);
  return status;
}

/** `upload/biz`: one picture in the post itself. */
function uploadPost(call: Call): unknown {
  const status = text(call, 140);
  if (!call.file) throw new Refusal(20007);
  return publishPost(call, status, [keepPicture(call.world, call.file)]);
}

/** `upload_url_text/biz`: pictures by their ids, long text on demand. */
function uploadText(call: Call): unknown {
  const status = text(call, whole(call.fields, 'is_longtext', 0) === 1 ? 2000 : 140);
  const ids = (call.fields.pic_id ?? '').split(',').filter((id) => id !== '');
  if (ids.length > MOST_PICTURES) throw new Refusal(10008);
  const pictures = ids.map((id) => call.account.pictures?.[id]);
  if (pictures.includes(undefined)) throw new Refusal(10008);
  return publishPost(call, status, pictures as string[]);
}

/** Counts say `likes` here. */
function counts(call: Call): { id: number; likes: number }[] {
  const rows = countStatuses(call) as { id: number; attitudes: number }[];
  return rows.map(({ attitudes, ...row }) => ({ ...row, likes: attitudes }));
}

/** With reads, for media accounts. */
function mediaCounts(call: Call): unknown {
  if (!call.account.mediaReads) throw new Refusal(10014);
  const reads = new Map(livePosts(call.account).map((post) => [Number(post.id), post.reads ?? 0]));
  return counts(call).map((row) => ({ ...row, reads: reads.get(row.id) ?? 0 }));
}

const unfiltered = (handler: Handler): Handler => {
  return (call) => handler({ ...call, account: { ...call.account, commentScope: 'all' } });
};

export const businessPosts: Record<string, Handler> = {
  '/2/statuses/upload_pic/biz.json': uploadPicture,
  '/2/statuses/upload/biz.json': uploadPost,
  '/2/statuses/upload_url_text/biz.json': uploadText,
  '/2/statuses/destroy/biz.json': destroy,
  '/2/comments/reply/biz.json': replyToComment,
};

export const businessGets: Record<string, Handler> = {
  '/2/statuses/user_timeline/biz.json': userTimeline,
  '/2/statuses/count/biz.json': counts,
  '/2/media_statuses/count_sp/biz.json': mediaCounts,
  '/2/statuses/mentions/biz.json': unfiltered(postMentions),
  '/2/comments/show/biz.json': unfiltered(showComments),
  '/2/comments/to_me/biz.json': unfiltered(toMe),
  '/2/comments/mentions/biz.json': unfiltered(commentMentions),
  '/2/users/show/biz.json': showUser,
  '/2/short_url/expand/biz.json': expandLinks,
};
