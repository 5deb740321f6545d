/** Who the application password belongs to, and what that user may do. */
import type { AccountAbility, AccountSession, Grant, PlatformIds, ProbeCapability } from '../contract.ts';
import { asksAgain, call, type Failure, failureOf } from './client.ts';
import { User } from './shapes.ts';

type ApplicationUser = { id: string; name: string; may: Readonly<Record<string, boolean>> | null };

export async function readUser(session: AccountSession): Promise<ApplicationUser | { failure: Failure }> {
  const answer = await call(session, { method: 'GET', route: '/users/me', query: { context: 'edit' } });
  if (answer.kind !== 'ok') return { failure: failureOf(answer) };
  const read = User.safeParse(answer.json);
  if (!read.success) return { failure: asksAgain('unreadable-user') };
  return { id: read.data.id, name: read.data.name, may: read.data.capabilities ?? null };
}

/** A user who may not publish would leave the post waiting for an editor of the site. */
export async function readPublisher(
  session: AccountSession,
): Promise<ApplicationUser | { failure: Failure }> {
  const user = await readUser(session);
  if ('failure' in user || !user.may) return user;
  const missing = ['publish_posts', 'upload_files'].filter((right) => !user.may?.[right]);
  if (missing.length === 0) return user;
  const reason = `网站用户没有发布或上传权限（${missing.join('、')}），请换成“作者”或“编辑”角色`;
  return { failure: { kind: 'rejected', code: 'role-too-low', reason } };
}

/** The id from preparation; deliveries that were registered by hand have none. */
export async function userIdOf(
  session: AccountSession,
  { userId }: PlatformIds,
): Promise<string | { failure: Failure }> {
  if (userId) return userId;
  const user = await readUser(session);
  return 'failure' in user ? user : user.id;
}

/** By the user's own capabilities, as the site tells them; without them nothing is known. */
function grantsOf(may: ApplicationUser['may']): Partial<Record<AccountAbility, Grant>> {
  if (!may) return {};
  const by = (right: string): Grant => (may[right] ? 'granted' : 'needs-application');
  return {
    publish: by('publish_posts'),
    withdraw: by('edit_published_posts'),
    moderation: by('moderate_comments'),
    // Whether comments are open is a property of the post.
    'comment-switch': by('edit_published_posts'),
  };
}

export const probe: ProbeCapability = {
  async probe(session) {
    const user = await readPublisher(session);
    if ('failure' in user) return { kind: 'failed', outcome: user.failure };
    return {
      kind: 'ok',
      grants: grantsOf(user.may),
      notes: [`网站用户：${user.name} / signed in as ${user.name}`],
    };
  },
};
