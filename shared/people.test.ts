import { describe, expect, test } from 'vitest';
import { may, permissions, rolePermissions, roles } from './people.ts';

describe('what a role may do', () => {
  test('nobody both writes an article and decides its review', () => {
    for (const role of roles)
      expect([role, may([role], 'article.submit') && may([role], 'review.decide')]).toEqual([role, false]);
  });

  test('the supervisor sees status and no people, texts or messages', () => {
    for (const permission of [
      'people.read',
      'article.read',
      'inbox.read',
      'account.manage',
      'audit.read',
    ] as const)
      expect([permission, may(['supervisor'], permission)]).toEqual([permission, false]);
  });

  test('reading roles change nothing but what is theirs alone', () => {
    // A leader presses for an overdue case (督办); an operator keeps the ways that notices go.
    const own = { supervisor: [], leader: ['inbox.supervise'], operator: ['channel.manage'] } as const;
    for (const role of ['supervisor', 'leader', 'operator'] as const) {
      const changing = rolePermissions[role].filter((permission) => !permission.endsWith('.read'));
      expect(changing).toEqual(own[role]);
    }
  });

  test('several roles may what any of them may; none may nothing', () => {
    expect(may(['editor', 'reviewer-final'], 'review.decide')).toBe(true);
    expect(permissions.filter((permission) => may([], permission))).toEqual([]);
  });

  test('every permission is somebody’s', () => {
    expect(permissions.filter((permission) => !roles.some((role) => may([role], permission)))).toEqual([]);
  });
});
