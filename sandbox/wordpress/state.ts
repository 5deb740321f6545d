/** The stand-in's memory: one site, plain JSON. Times are epoch milliseconds of the sandbox clock. */
import type { World } from '../core/world.ts';

export const PLATFORM = 'wordpress';

export type Role = 'administrator' | 'editor' | 'author' | 'contributor' | 'subscriber';

export type User = {
  id: number;
  username: string;
  name: string;
  /** Without the blanks that the site shows in it. */
  passwords: string[];
  role: Role;
};

export type PostStatus = 'publish' | 'future' | 'draft' | 'pending' | 'private' | 'trash';

export type Post = {
  id: number;
  author: number;
  status: PostStatus;
  slug: string;
  title: string;
  content: string;
  excerpt: string;
  commentsOpen: boolean;
  featured: number;
  categories: number[];
  /** Null until it is out, as a draft's floating date. */
  date: number | null;
  modified: number;
};

export type Comment = {
  id: number;
  post: number;
  parent: number;
  /** 0 for guests. */
  author: number;
  authorName: string;
  content: string;
  approved: boolean;
  trashed?: boolean;
  date: number;
};

export type Attachment = {
  id: number;
  author: number;
  sha256: string;
  name: string;
  mime: string;
  alt: string;
};

export type WordpressState = {
  title: string;
  nextId: number;
  users: Record<string, User>;
  posts: Post[];
  comments: Comment[];
  attachments: Attachment[];
  /** Whether guests' comments wait for a moderator. */
  moderation: boolean;
  /** A wrong password is nobody's (measured on 6.1.9) or refused whatever is asked (other set-ups, by the source). */
  wrongPassword: 'nobody' | 'refused';
};

export function stateOf(world: World): WordpressState {
  return world.state<WordpressState>(PLATFORM, {
    title: '模拟单位网站',
    nextId: 1,
    users: {},
    posts: [],
    comments: [],
    attachments: [],
    moderation: false,
    wrongPassword: 'nobody',
  });
}

/** Posts and files share one row of numbers on the real site too. */
export function newId(world: World): number {
  world.changed();
  return stateOf(world).nextId++;
}

const AUTHOR = ['edit_posts', 'edit_published_posts', 'publish_posts', 'upload_files'];
const EDITOR = [...AUTHOR, 'edit_others_posts', 'moderate_comments'];

const rights: Readonly<Record<Role, readonly string[]>> = {
  administrator: [...EDITOR],
  editor: [...EDITOR],
  author: [...AUTHOR],
  contributor: ['edit_posts'],
  subscriber: [],
};

export const may = (user: User | null, right: string): boolean =>
  user !== null && rights[user.role].includes(right);

export const rightsOf = (user: User): Record<string, boolean> =>
  Object.fromEntries(rights[user.role].map((right) => [right, true]));

export const postById = (world: World, id: number): Post | undefined =>
  stateOf(world).posts.find((post) => post.id === id);

export const userById = (world: World, id: number): User | undefined =>
  Object.values(stateOf(world).users).find((user) => user.id === id);

export const mayEdit = (user: User | null, post: Post): boolean =>
  user !== null && (post.author === user.id ? may(user, 'edit_posts') : may(user, 'edit_others_posts'));
