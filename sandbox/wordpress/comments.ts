/** Comments: guests' from the page, users' through the REST interface. */
import { z } from 'zod';
import type { World } from '../core/world.ts';
import { type Call, Reply } from './call.ts';
import { describeComment } from './describe.ts';
import { forbidden, Refusal } from './refusal.ts';
import { type Comment, may, newId, PLATFORM, type Post, postById, stateOf } from './state.ts';

const Fields = z.object({
  post: z.coerce.number().int(),
  parent: z.coerce.number().int().default(0),
  content: z.string().trim().min(1),
});

/** `GET /wp/v2/comments?post=`: approved ones, newest first. */
export function listComments({ world, query }: Call): Reply {
  const perPage = Math.min(Number(query.per_page ?? 10), 100);
  const page = Number(query.page ?? 1);
  const found = stateOf(world).comments.filter(
    (comment) =>
      comment.approved &&
      !comment.trashed &&
      comment.post === Number(query.post) &&
      (query.parent === undefined || comment.parent === Number(query.parent)),
  );
  if (query.order !== 'asc') found.reverse();
  const shown = found.slice((page - 1) * perPage, page * perPage);
  const rows = shown.map((comment) => describeComment(world, comment));
  return new Reply(200, rows, found.length, perPage);
}

/** `POST /wp/v2/comments` as the signed-in user. */
export function createComment(call: Call): Reply {
  const { world, user } = call;
  if (!user) throw new Refusal('rest_comment_login_required', 401);
  const fields = Fields.safeParse(call.fields);
  if (!fields.success) throw new Refusal('rest_comment_content_invalid', 400);
  const { parent, content } = fields.data;
  const post = postById(world, fields.data.post);
  if (!post) throw new Refusal('rest_comment_invalid_post_id', 403);
  if (post.status === 'draft') throw new Refusal('rest_comment_draft_post', 403);
  if (post.status === 'trash') throw new Refusal('rest_comment_trash_post', 403);
  if (!post.commentsOpen) throw new Refusal('rest_comment_closed', 403);
  const { comments, moderation } = stateOf(world);
  if (parent !== 0 && !comments.some((comment) => comment.id === parent && comment.post === post.id)) {
    throw new Refusal('rest_comment_invalid_id', 404);
  }
  const same = (comment: Comment) =>
    comment.post === post.id && comment.parent === parent && comment.content === content;
  if (comments.some((comment) => comment.author === user.id && same(comment))) {
    throw new Refusal('comment_duplicate', 409);
  }
  // The author of a post and moderators are never held back.
  const approved = !moderation || post.author === user.id || may(user, 'moderate_comments');
  const comment = keep(world, {
    post: post.id,
    parent,
    author: user.id,
    authorName: user.name,
    content,
    approved,
  });
  world.ledger.append({
    platform: PLATFORM,
    account: user.username,
    kind: 'reply.sent',
    key: String(comment.id),
    detail: { postId: post.id, replyTo: parent, text: content },
  });
  return new Reply(201, describeComment(world, comment));
}

/** @throws {Refusal} for a comment that is not there, or is not this user's to moderate */
function moderated({ world, user, params }: Call): Comment {
  const comment = stateOf(world).comments.find(({ id }) => id === Number(params.id));
  if (!comment) throw new Refusal('rest_comment_invalid_id', 404);
  const isOwn = user !== null && comment.author === user.id;
  if (!isOwn && !may(user, 'moderate_comments')) throw forbidden('rest_cannot_edit', user);
  return comment;
}

function noteComment(
  { world, user }: Call,
  kind: 'comment.elected' | 'comment.unelected' | 'comment.deleted',
  { id, post }: Comment,
): void {
  const account = user?.username ?? '';
  world.ledger.append({ platform: PLATFORM, account, kind, key: String(id), detail: { postId: post } });
}

/** `POST /wp/v2/comments/:id` with a status. */
export function moderateComment(call: Call): Reply {
  const comment = moderated(call);
  const status = z.object({ status: z.enum(['approved', 'hold']) }).safeParse(call.fields);
  if (!status.success) throw new Refusal('rest_invalid_param', 400);
  comment.approved = status.data.status === 'approved';
  noteComment(call, comment.approved ? 'comment.elected' : 'comment.unelected', comment);
  return new Reply(200, describeComment(call.world, comment));
}

/** `DELETE /wp/v2/comments/:id`: into the trash. */
export function trashComment(call: Call): Reply {
  const comment = moderated(call);
  if (comment.trashed) throw new Refusal('rest_already_trashed', 410);
  comment.trashed = true;
  noteComment(call, 'comment.deleted', comment);
  return new Reply(200, { ...describeComment(call.world, comment), status: 'trash' });
}

function keep(world: World, given: Omit<Comment, 'id' | 'date'>): Comment {
  const comment = { ...given, id: newId(world), date: world.clock.now() };
  stateOf(world).comments.push(comment);
  return comment;
}

/** A reader's comment from the page. */
export function writeComment(
  world: World,
  post: Post,
  given: { nickname: string; content: string },
): Comment {
  const escaped = given.content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const comment = keep(world, {
    ...{ post: post.id, parent: 0, author: 0, authorName: given.nickname, content: escaped },
    approved: !stateOf(world).moderation,
  });
  world.ledger.append({
    platform: PLATFORM,
    account: '',
    kind: 'comment.made',
    key: String(comment.id),
    detail: { postId: post.id, name: given.nickname, text: given.content },
  });
  return comment;
}
