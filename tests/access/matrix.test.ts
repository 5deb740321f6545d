/** Every route as nobody and as every role, over real HTTP. What to expect is derived from the table of permissions. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allRoutes } from '#server/modules.ts';
import { may, type Permission, type Role, roles } from '#shared/people.ts';
import type { Route } from '#shared/route.ts';
import { signInClient } from '#tests/support/client.ts';
import type { MakeRequest } from './support/make-request.ts';
import { changesSelf, endsSession, makeRequests } from './support/requests.ts';
import { type Input, send } from './support/send.ts';
import { type AccessStage, openStage, type Person, personOf } from './support/stage.ts';
import { makeThings, type Things } from './support/things.ts';

const routes: Route[] = allRoutes().map(({ route }) => route);
const named = routes.map((route) => ({ name: `${route.method} ${route.path}`, route }));

let stage: AccessStage;
let things: Things;
let requests: ReadonlyMap<Route, MakeRequest>;
/** One right request a route, for those who are refused: they change nothing, so all may send the same. */
const refused = new Map<Route, Input>();

beforeAll(async () => {
  stage = await openStage();
  things = await makeThings(stage);
  requests = await makeRequests(stage, things);
}, 120_000);
afterAll(() => stage?.close());

async function rightRequest(route: Route): Promise<Input> {
  const known =
    refused.get(route) ??
    (await requests.get(route)!(await callerOf(route, personOf(stage.home, 'administrator'))));
  refused.set(route, known);
  return known;
}

/** The person, or somebody new of the same role where the call would change them for the tests that follow. */
async function callerOf(route: Route, who: Person): Promise<Person> {
  return changesSelf.includes(route) ? things.person(who.role) : who;
}

/** 200, or why not. */
function expectedStatus(route: Route, role: Role): number {
  if (route.access === 'public' || route.access === 'session') return 200;
  return may([role], route.access as Permission) ? 200 : 403;
}

async function ask(route: Route, who: Person): Promise<{ status: number; text: string }> {
  if (expectedStatus(route, who.role) !== 200)
    return send(stage.installation.url, who.client, route, await rightRequest(route));
  const caller = await callerOf(route, who);
  const client = endsSession.includes(route)
    ? await signInClient(stage.installation.url, caller.login, caller.password)
    : caller.client;
  return send(stage.installation.url, client, route, await requests.get(route)!(caller));
}

test('every route has a request here', () => {
  expect(routes.filter((route) => !requests.has(route)).map((route) => route.path)).toEqual([]);
  expect([...requests.keys()].filter((route) => !routes.includes(route)).map((route) => route.path)).toEqual(
    [],
  );
});

describe.each(named)('$name', ({ route }) => {
  test('refuses nobody with 401, unless it is public', async () => {
    const input =
      route.access === 'public'
        ? await requests.get(route)!(personOf(stage.home, 'editor'))
        : await rightRequest(route);
    const answer = await send(stage.installation.url, stage.nobody, route, input);
    expect(answer.status, answer.text.slice(0, 300)).toBe(route.access === 'public' ? 200 : 401);
  });

  test('answers each role as the table of permissions says', async () => {
    const seen: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const role of roles) {
      const answer = await ask(route, personOf(stage.home, role));
      const status = expectedStatus(route, role);
      expected[role] = String(status);
      seen[role] =
        answer.status === status ? String(status) : `${answer.status} ${answer.text.slice(0, 300)}`;
    }
    expect(seen).toEqual(expected);
  });
});

const mutating = named.filter(({ route }) => route.method !== 'GET' && route.access !== 'public');

test.each(mutating)('$name changes nothing for a page of another site', async ({ route }) => {
  const { body, params } = await rightRequest(route);
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => params?.[name] ?? '');
  const answer = await fetch(`${stage.installation.url}${path}`, {
    method: route.method,
    headers: {
      cookie: personOf(stage.home, 'administrator').client.cookie,
      'idempotency-key': 'another-site-1',
      'content-type': 'application/json',
      'sec-fetch-site': 'cross-site',
    },
    body: JSON.stringify(body ?? {}),
  });
  expect(answer.status).toBe(403);
  expect(await answer.text()).toContain('origin-refused');
});
