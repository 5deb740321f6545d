/** The platform's refusals: an HTTP status with `{code, message, data: {status}}`. */
import type { User } from './state.ts';

const MESSAGES = {
  incorrect_password: 'The provided password is an invalid application password.',
  invalid_username: 'Unknown username. Check again or try your email address.',
  rest_not_logged_in: 'You are not currently logged in.',
  rest_cannot_create: 'Sorry, you are not allowed to create posts as this user.',
  rest_cannot_edit: 'Sorry, you are not allowed to edit this post.',
  rest_cannot_publish: 'Sorry, you are not allowed to publish posts in this post type.',
  rest_cannot_delete: 'Sorry, you are not allowed to delete this comment.',
  rest_already_trashed: 'The comment has already been trashed.',
  rest_forbidden_context: 'Sorry, you are not allowed to edit posts in this post type.',
  rest_forbidden: 'Sorry, you are not allowed to do that.',
  rest_invalid_param: 'Invalid parameter(s).',
  rest_post_invalid_id: 'Invalid post ID.',
  empty_content: 'Content, title, and excerpt are empty.',
  rest_upload_no_data: 'No data supplied.',
  rest_upload_sideload_error: 'Sorry, you are not allowed to upload this file type.',
  rest_comment_login_required: 'Sorry, you must be logged in to comment.',
  rest_comment_invalid_post_id: 'Sorry, you are not allowed to create this comment without a post.',
  rest_comment_draft_post: 'Sorry, you are not allowed to create a comment on this post.',
  rest_comment_trash_post: 'Sorry, you are not allowed to create a comment on this post.',
  rest_comment_closed: 'Sorry, comments are closed for this item.',
  rest_comment_invalid_id: 'Invalid comment ID.',
  rest_comment_content_invalid: 'Invalid comment content.',
  comment_duplicate: 'Duplicate comment detected; it looks as though you&#8217;ve already said that!',
} as const;

export type RefusalCode = keyof typeof MESSAGES;

/** What `data` holds besides the status: why a parameter was refused. */
type Details = Readonly<Record<string, { code: string; message: string; data: { status: number } }>>;

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly status: number;
  readonly details: Details | undefined;

  constructor(code: RefusalCode, status: 400 | 401 | 403 | 404 | 409 | 410 | 500, details?: Details) {
    super(MESSAGES[code]);
    this.code = code;
    this.status = status;
    this.details = details;
  }

  get envelope(): Record<string, unknown> {
    return {
      code: this.code,
      message: this.message,
      data: { status: this.status, ...(this.details ? { details: this.details } : {}) },
    };
  }
}

/** 401 for nobody, 403 for somebody without the right (rest_authorization_required_code). */
export const forbidden = (code: RefusalCode, user: User | null): Refusal =>
  new Refusal(code, user ? 403 : 401);
