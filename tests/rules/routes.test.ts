import { describe, expect, test } from 'vitest';
import { allRoutes } from '#server/modules.ts';
import { permissions, rolePermissions, roles } from '#shared/people.ts';
import type { Route } from '#shared/route.ts';
import { clean, judge } from './support/exceptions.ts';
import { findLines } from './support/scan.ts';
import { listSharedExports } from './support/shared-exports.ts';
import { loadSources, place } from './support/tree.ts';

const declared = (await listSharedExports()).flatMap(({ name, value }) =>
  isRoute(value) ? [{ name, route: value }] : [],
);
const served = allRoutes();
const say = (route: Route) => `${route.method} ${route.path}`;
const server = loadSources(['server', 'site']).filter((source) => !source.test);

function isRoute(value: unknown): value is Route {
  return (
    typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'reply' in value
  );
}

describe('routes', () => {
  test('every declared route is served, each once, and nothing else is', () => {
    expect(declared.length).toBeGreaterThan(30);
    expect(served.map(({ route }) => say(route)).toSorted()).toEqual(
      declared.map(({ route }) => say(route)).toSorted(),
    );
    expect(new Set(served.map(({ route }) => say(route))).size).toBe(served.length);
    // The very objects: a copy could drift from what the staff app calls.
    expect(
      served
        .filter(({ route }) => !declared.some((one) => one.route === route))
        .map(({ route }) => say(route)),
    ).toEqual([]);
  });

  test('every route says who may call it', () => {
    const known = ['public', 'session', ...permissions];
    expect(
      declared.filter(({ route }) => !known.includes(route.access)).map(({ route }) => say(route)),
    ).toEqual([]);
    expect(served.filter(({ kind, route }) => (kind === 'public') !== (route.access === 'public'))).toEqual(
      [],
    );
  });

  test('every route that nobody need sign in for is known here', () => {
    expect(
      declared
        .filter(({ route }) => route.access === 'public')
        .map(({ route }) => say(route))
        .toSorted(),
    ).toEqual([
      'GET /api/hand-off/:token',
      'POST /api/hand-off/:token/app-link',
      'POST /api/hand-off/:token/claim',
      'POST /api/hand-off/:token/opening',
      'POST /api/hand-off/:token/proof',
      'POST /api/session',
    ]);
  });

  test('every route has a sentence for outsiders, and parameters for the names in its path', () => {
    for (const { route } of declared) {
      expect(route.summary, say(route)).toMatch(/^[A-Z].*\.$/);
      const inPath = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1]!);
      const params = (route.params as { shape?: Record<string, unknown> } | undefined)?.shape ?? {};
      expect(Object.keys(params).toSorted(), say(route)).toEqual(inPath.toSorted());
    }
  });

  test('whatever changes something is registered through serve or servePublic', () => {
    const breaches = server.flatMap(({ path, bare, text }) =>
      findLines(
        bare,
        /\b(?:server|scope|fastify|instance|app)\s*\.\s*(?:post|put|patch|delete|all|route)\s*(?:<[^(]*>)?\(/g,
        text,
      ).map((hit) => ({ key: path, line: place(path, hit.line, hit.text) })),
    );
    expect(
      judge(breaches, {
        'server/base/http/register.ts': 'where serve and servePublic end',
        'server/base/http/sandbox-proxy.ts': 'the stand-ins of a demonstration, another process',
        'server/modules/inbox/intake/push-routes.ts':
          'a platform pushes bytes in its own form, signed in its own way',
        'site/inbox/bureau-routes.ts':
          'forms of the public site: no account, refused from other origins, guarded by rates and proofs of work',
        'site/display/display-routes.ts': 'a reader’s own display choice, kept in a cookie of their browser',
      }),
    ).toEqual(clean);
  });
});

describe('permissions', () => {
  const asked = new Set([
    ...declared.map(({ route }) => route.access as string),
    ...server.flatMap(({ code }) =>
      [...code.matchAll(/\b(?:may|demand)\([^()]*?'([a-z.]+)'\s*\)/g)].map((match) => match[1]!),
    ),
  ]);

  test('every permission is asked for somewhere', () => {
    expect(permissions.filter((permission) => !asked.has(permission))).toEqual([]);
  });

  test('every permission is held by some role, and every role may do something', () => {
    const held = new Set<string>(roles.flatMap((role) => [...rolePermissions[role]]));
    expect(permissions.filter((permission) => !held.has(permission))).toEqual([]);
    expect(roles.filter((role) => [...rolePermissions[role]].length === 0)).toEqual([]);
    for (const role of roles)
      expect(new Set(rolePermissions[role]).size, role).toBe(rolePermissions[role].length);
  });
});
