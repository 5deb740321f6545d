/** The platform's shapes, field by field as WordPress 6.1 gave them. */
import type { World } from '../core/world.ts';
import type { Attachment, Comment, Post } from './state.ts';
import { userById } from './state.ts';

/** `2026-11-22T22:03:09`, UTC; the site's own zone is UTC too. */
const wpTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

export function linkOf(post: Post, base: string): string {
  if (post.status !== 'publish' || post.date === null) return `${base}/?p=${post.id}`;
  return `${base}/${wpTime(post.date).slice(0, 10).replaceAll('-', '/')}/${post.slug}/`;
}

/** `raw` only for those who may edit it. */
export function describePost(post: Post, base: string, context: 'view' | 'edit'): Record<string, unknown> {
  const both = (raw: string, rendered: string) => (context === 'edit' ? { raw, rendered } : { rendered });
  const date = wpTime(post.date ?? post.modified);
  return {
    id: post.id,
    date,
    date_gmt: post.date === null ? '0000-00-00T00:00:00' : date,
    guid: both(`${base}/?p=${post.id}`, `${base}/?p=${post.id}`),
    modified: wpTime(post.modified),
    modified_gmt: wpTime(post.modified),
    slug: post.slug,
    status: post.status,
    type: 'post',
    link: linkOf(post, base),
    title: both(post.title, post.title),
    content: { ...both(post.content, `${post.content}\n`), protected: false },
    excerpt: { ...both(post.excerpt, `<p>${post.excerpt}</p>\n`), protected: false },
    author: post.author,
    featured_media: post.featured,
    comment_status: post.commentsOpen ? 'open' : 'closed',
    ping_status: 'closed',
    sticky: false,
    template: '',
    format: 'standard',
    meta: [],
    categories: post.categories,
    tags: [],
  };
}

export function describeAttachment(attachment: Attachment, base: string): Record<string, unknown> {
  return {
    id: attachment.id,
    status: 'inherit',
    type: 'attachment',
    author: attachment.author,
    alt_text: attachment.alt,
    media_type: 'image',
    mime_type: attachment.mime,
    post: null,
    source_url: attachmentAddress(attachment, base),
  };
}

export const attachmentAddress = ({ name, sha256 }: Attachment, base: string): string =>
  `${base}/wp-content/uploads/${sha256}/${encodeURIComponent(name)}`;

export function describeComment(world: World, comment: Comment): Record<string, unknown> {
  return {
    id: comment.id,
    post: comment.post,
    parent: comment.parent,
    author: comment.author,
    author_name: userById(world, comment.author)?.name ?? comment.authorName,
    author_url: '',
    date: wpTime(comment.date),
    date_gmt: wpTime(comment.date),
    content: { rendered: texturize(comment.content) },
    status: comment.approved ? 'approved' : 'hold',
    type: 'comment',
    meta: [],
  };
}

/** Paragraphs and prettier marks: what the site shows is not what it was given. */
function texturize(content: string): string {
  const pretty = content
    .replaceAll('...', '…')
    .replaceAll('--', '–')
    .replaceAll(/"([^"]*)"/g, '&#8220;$1&#8221;');
  return pretty
    .split(/\n{2,}/)
    .map((words) => `<p>${words.replaceAll('\n', '<br />\n')}</p>\n`)
    .join('');
}
