/** Posts, files and the user: what the REST interface does with them. */
import { z } from 'zod';
import { sniffPicture } from '../core/media.ts';
import { type Call, Reply } from './call.ts';
import { describeAttachment, describePost } from './describe.ts';
import { forbidden, Refusal } from './refusal.ts';
import {
  type Attachment,
  may,
  mayEdit,
  newId,
  PLATFORM,
  type Post,
  postById,
  rightsOf,
  stateOf,
} from './state.ts';

const Fields = z
  .object({
    title: z.string(),
    content: z.string(),
    excerpt: z.string(),
    slug: z.string(),
    status: z.enum(['publish', 'future', 'draft', 'pending', 'private']),
    comment_status: z.enum(['open', 'closed']),
    featured_media: z.int().min(0),
    categories: z.array(z.int()),
  })
  .partial();
type Fields = z.infer<typeof Fields>;

function readFields(call: Call): Fields {
  const read = Fields.safeParse(call.fields);
  if (!read.success) throw new Refusal('rest_invalid_param', 400);
  if (read.data.status === 'publish' && !may(call.user, 'publish_posts')) {
    throw forbidden('rest_cannot_publish', call.user);
  }
  return read.data;
}

/** `POST /wp/v2/posts` */
export function createPost(call: Call): Reply {
  const { world, user, base } = call;
  if (!user || !may(user, 'edit_posts')) throw forbidden('rest_cannot_create', user);
  const fields = readFields(call);
  if (!fields.title && !fields.content && !fields.excerpt) throw new Refusal('empty_content', 400);
  const id = newId(world);
  const post: Post = {
    ...{ id, author: user.id, status: 'draft', date: null, modified: world.clock.now() },
    ...{ slug: '', title: '', content: '', excerpt: '', commentsOpen: true, featured: 0, categories: [1] },
  };
  stateOf(world).posts.push(post);
  change(call, post, fields);
  if (post.status === 'draft') note(call, 'draft.created', post);
  return new Reply(201, describePost(post, base, 'edit'));
}

/** `POST /wp/v2/posts/:id`: publishing what is published is no second post. */
export function updatePost(call: Call): Reply {
  const { world, user, params, base } = call;
  const post = postById(world, Number(params.id));
  if (!post) throw new Refusal('rest_post_invalid_id', 404);
  if (!mayEdit(user, post)) throw forbidden('rest_cannot_edit', user);
  change(call, post, readFields(call));
  return new Reply(200, describePost(post, base, 'edit'));
}

function change(call: Call, post: Post, fields: Fields): void {
  const { world } = call;
  post.title = fields.title ?? post.title;
  post.content = fields.content ?? post.content;
  post.excerpt = fields.excerpt ?? post.excerpt;
  post.slug = uniqueSlug(call, post, fields.slug ?? post.slug);
  post.commentsOpen = fields.comment_status ? fields.comment_status === 'open' : post.commentsOpen;
  post.featured = fields.featured_media ?? post.featured;
  post.categories = fields.categories ?? post.categories;
  post.modified = world.clock.now();
  const before = post.status;
  post.status = fields.status ?? post.status;
  if (before === 'publish' && post.status !== 'publish') note(call, 'post.deleted', post);
  if (post.status !== 'publish' || before === 'publish') return;
  post.date ??= post.modified;
  // A date in the future makes it wait, whatever status was asked for.
  if (post.date > post.modified) post.status = 'future';
  else note(call, 'post.published', post);
}

/** Latin letters in small, `-2` when another post has it. */
function uniqueSlug({ world }: Call, post: Post, wanted: string): string {
  const slug = (wanted || encodeURIComponent(post.title)).toLowerCase();
  const taken = (name: string) =>
    stateOf(world).posts.some((other) => other.id !== post.id && other.slug === name);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? slug : `${slug}-${number}`;
    if (!taken(name)) return name;
  }
}

function note(
  { world, user }: Call,
  kind: 'draft.created' | 'post.published' | 'post.deleted',
  post: Post,
): void {
  world.ledger.append({
    platform: PLATFORM,
    account: user?.username ?? '',
    kind,
    key: String(post.id),
    detail: { title: post.title, content: post.content, slug: post.slug },
  });
}

/** `GET /wp/v2/posts/:id` */
export function showPost({ world, user, params, query, base }: Call): Reply {
  const post = postById(world, Number(params.id));
  if (!post) throw new Refusal('rest_post_invalid_id', 404);
  if (query.context === 'edit' && !mayEdit(user, post)) throw forbidden('rest_forbidden_context', user);
  if (post.status !== 'publish' && !may(user, 'edit_posts')) throw forbidden('rest_forbidden', user);
  return new Reply(200, describePost(post, base, query.context === 'edit' ? 'edit' : 'view'));
}

/** `GET /wp/v2/posts?slug=&search=&status=`, newest first. */
export function listPosts({ world, user, query, base }: Call): Reply {
  const statuses = (query.status ?? 'publish').split(',');
  if (statuses.some((status) => status !== 'publish') && !may(user, 'edit_posts')) {
    const message = 'Status is forbidden.';
    const data = { status: user ? 403 : 401 };
    throw new Refusal('rest_invalid_param', 400, {
      status: { code: 'rest_forbidden_status', message, data },
    });
  }
  if (query.context === 'edit' && !may(user, 'edit_posts')) throw forbidden('rest_forbidden_context', user);
  const perPage = Number(query.per_page ?? 10);
  const words = query.search?.toLowerCase();
  const found = stateOf(world)
    .posts.filter((post) => statuses.includes(post.status))
    .filter((post) => query.slug === undefined || post.slug === query.slug)
    .filter((post) => query.include === undefined || String(post.id) === query.include)
    .filter((post) => !words || `${post.title} ${post.excerpt} ${post.content}`.toLowerCase().includes(words))
    .toReversed();
  const context = query.context === 'edit' ? 'edit' : 'view';
  const shown = found.slice(0, perPage).map((post) => describePost(post, base, context));
  return new Reply(200, shown, found.length, perPage);
}

/** `POST /wp/v2/media` */
export function uploadFile({ world, user, file, fields, base }: Call): Reply {
  if (!user || !may(user, 'upload_files')) throw forbidden('rest_cannot_create', user);
  if (!file) throw new Refusal('rest_upload_no_data', 400);
  const mime = sniffPicture(file.bytes);
  // The real site says so with a 500.
  if (mime === null || mime === 'image/bmp') throw new Refusal('rest_upload_sideload_error', 500);
  const attachment: Attachment = {
    id: newId(world),
    author: user.id,
    sha256: world.media.keep(file.bytes),
    name: file.name,
    mime,
    alt: typeof fields.alt_text === 'string' ? fields.alt_text : '',
  };
  stateOf(world).attachments.push(attachment);
  world.ledger.append({
    platform: PLATFORM,
    account: user.username,
    kind: 'media.uploaded',
    key: String(attachment.id),
    detail: { sha256: attachment.sha256, alt: attachment.alt },
  });
  return new Reply(201, describeAttachment(attachment, base));
}

/** `GET /wp/v2/users/me` */
export function showMe({ user, query }: Call): Reply {
  if (!user) throw new Refusal('rest_not_logged_in', 401);
  const { id, name, username } = user;
  const edit = query.context === 'edit' ? { username, capabilities: rightsOf(user), roles: [user.role] } : {};
  return new Reply(200, { id, name, slug: username, ...edit });
}
