/**
 * What belongs to one bureau, asked for by people of another in every role. Two fences keep them apart: the bureau written
 * into every query, and row security. Here both stand, then the first alone; `row-security.test.ts` tries the second.
 */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allRoutes } from '#server/modules.ts';
import { createAccount } from '#shared/accounts.ts';
import { answerCase } from '#shared/answers.ts';
import { createArticle, getArticle, listVariants, saveWorkingCopy, submitArticle } from '#shared/content.ts';
import { assignCase } from '#shared/inbox.ts';
import { createPerson, may, type Permission, roles } from '#shared/people.ts';
import { listDeliveries } from '#shared/publishing.ts';
import type { Route } from '#shared/route.ts';
import { listAudit } from '#shared/system.ts';
import { uploadPicture } from '#tests/support/build-article.ts';
import type { MakeRequest } from './support/make-request.ts';
import { marker } from './support/marker.ts';
import { makeRequests, nobodysParams } from './support/requests.ts';
import { type Input, type Reply, send } from './support/send.ts';
import { type AccessStage, openStage, personOf } from './support/stage.ts';
import { makeThings, type Things } from './support/things.ts';

const routes = allRoutes().map(({ route }) => route);
const name = (route: Route) => `${route.method} ${route.path}`;
const ofBureau = routes.filter((route) => route.access !== 'public');
const withParams = ofBureau.filter((route) => route.params && !nobodysParams.includes(route));
const readers = ofBureau.filter((route) => route.method === 'GET' && !route.params);

const fences = [
  { fence: 'with both fences', openRowSecurity: false },
  { fence: 'with row security opened', openRowSecurity: true },
];

describe.each(fences)('$fence', ({ openRowSecurity }) => {
  let stage: AccessStage;
  let things: Things;
  let requests: ReadonlyMap<Route, MakeRequest>;
  /** Ids of what the home bureau has. */
  let secrets: string[];

  beforeAll(async () => {
    stage = await openStage();
    things = await makeThings(stage);
    requests = await makeRequests(stage, things);
    await Promise.all([things.question(), things.reply(), things.review('reviewer-first')]);
    if (openRowSecurity) await openAllPolicies(stage);
    secrets = await collectIds(stage);
  }, 120_000);
  afterAll(() => stage?.close());

  const ask = (route: Route, role: (typeof roles)[number], input: Input): Promise<Reply> =>
    send(stage.installation.url, personOf(stage.neighbour, role).client, route, input);

  test('the fence is as it is said to be', async () => {
    const { rows } = await stage.installation.app.database.withScope({ bureauId: stage.neighbour.id }, (tx) =>
      sql<{
        foreign: number;
      }>`select count(*) as foreign from articles where bureau_id = ${stage.home.id}`.execute(tx),
    );
    expect(rows[0]!.foreign > 0).toBe(openRowSecurity);
  });

  test.each(withParams.map((route) => ({ name: name(route), route })))(
    '$name finds nothing',
    async ({ route }) => {
      const input = await requests.get(route)!(personOf(stage.home, 'administrator'));
      const seen: Record<string, string> = {};
      const expected: Record<string, string> = {};
      for (const role of roles) {
        const allowed = route.access === 'session' || may([role], route.access as Permission);
        const { status, text } = await ask(route, role, input);
        expected[role] = allowed ? '404' : '403';
        seen[role] = String(status) === expected[role] ? expected[role] : `${status} ${text.slice(0, 300)}`;
      }
      expect(seen).toEqual(expected);
    },
  );

  test.each(readers.map((route) => ({ name: name(route), route })))(
    '$name shows nothing',
    async ({ route }) => {
      const input = await requests.get(route)!(personOf(stage.neighbour, 'administrator'));
      const own = await send(
        stage.installation.url,
        personOf(stage.home, 'administrator').client,
        route,
        input,
      );
      for (const role of roles) {
        const { text } = await ask(route, role, input);
        expect(text, role).not.toContain(marker);
        expect(
          secrets.filter((id) => text.includes(id)),
          role,
        ).toEqual([]);
      }
      // The search would find what is there: the home bureau's own answer is its trial.
      if (showsOwn.has(route.path)) expect(secrets.some((id) => own.text.includes(id))).toBe(true);
    },
  );

  test('a filter by a foreign id finds nothing', async () => {
    const { articleId, siteDeliveryId } = things.published;
    const deliveries = await ask(listDeliveries, 'administrator', { query: { articleId } });
    expect(JSON.parse(deliveries.text)).toEqual({ rows: [], next: null });
    const audit = await ask(listAudit, 'administrator', {
      query: { subjectKind: 'delivery', subjectId: siteDeliveryId },
    });
    expect(JSON.parse(audit.text)).toMatchObject({ rows: [] });
  });

  describe('own things that name foreign ones', () => {
    const refused = ({ status, text }: Reply) => {
      expect(text).not.toContain(marker);
      expect([status >= 400 && status < 500, text.slice(0, 200)]).toEqual([true, expect.any(String)]);
    };

    test('a person cannot be put into a foreign unit', async () => {
      const body = { login: 'strange.person', name: '外人', unitId: stage.home.id, role: 'editor' };
      refused(await ask(createPerson, 'administrator', { body }));
    });

    test('an account cannot be put under a foreign unit', async () => {
      const body = { platform: 'site', name: '外站', unitId: stage.home.id, settings: {}, secrets: {} };
      refused(await ask(createAccount, 'administrator', { body }));
    });

    test('an article cannot go out on a foreign account or show a foreign picture', async () => {
      const foreign = await uploadPicture(stage.installation, personOf(stage.home, 'editor').client, 3);
      const { client } = personOf(stage.neighbour, 'editor');
      const { id: articleId } = await client.call(createArticle, { body: { title: '借用' } });
      const { working, workingRevision, targets } = await client.call(getArticle, { params: { articleId } });
      const picture = { type: 'image', attrs: { fileId: foreign.id, src: foreign.url, alt: '' } } as const;
      const changed = { ...working, coverFileId: foreign.id, body: { type: 'doc', content: [picture] } };
      const target = { ...targets[0]!, accountId: things.accounts.get('site')! };
      const body = { baseRevision: workingRevision, working: changed, targets: [target], class: 'ordinary' };
      const saved = await ask(saveWorkingCopy, 'editor', { params: { articleId }, body });
      if (saved.status !== 200) return refused(saved);
      const variants = await ask(listVariants, 'editor', { params: { articleId } });
      expect(JSON.parse(variants.text)).toEqual([]);
      refused(
        await ask(submitArticle, 'editor', {
          params: { articleId },
          body: { baseRevision: workingRevision + 1 },
        }),
      );
    });

    test('a foreign picture on an own account is not served by the preview', async () => {
      const foreign = await uploadPicture(stage.installation, personOf(stage.home, 'editor').client, 4);
      const { client } = personOf(stage.neighbour, 'editor');
      const { id: articleId } = await client.call(createArticle, { body: { title: '借图' } });
      const { working, workingRevision, targets } = await client.call(getArticle, { params: { articleId } });
      const picture = { type: 'image', attrs: { fileId: foreign.id, src: '/x', alt: '' } } as const;
      const changed = { ...working, coverFileId: foreign.id, body: { type: 'doc', content: [picture] } };
      const body = { baseRevision: workingRevision, working: changed, targets, class: 'ordinary' };
      const saved = await ask(saveWorkingCopy, 'editor', { params: { articleId }, body });
      if (saved.status !== 200) return refused(saved);
      const token = foreign.url.split('/').at(-1)!;
      const variants = await ask(listVariants, 'editor', { params: { articleId } });
      expect(variants.text).not.toContain(token);
    });

    test('a case cannot be given to a foreign unit or person, nor answered in a foreign conversation', async () => {
      const own = await things.questionOf(stage.neighbour);
      const foreign = await things.question();
      const params = { caseId: own.caseId };
      refused(
        await ask(assignCase, 'administrator', { params, body: { unitId: stage.home.id, ownerId: null } }),
      );
      const ownerId = personOf(stage.home, 'agent').id;
      refused(
        await ask(assignCase, 'administrator', { params, body: { unitId: stage.neighbour.id, ownerId } }),
      );
      const body = { conversationId: foreign.conversationId, text: '答复' };
      refused(await ask(answerCase, 'agent', { params, body }));
    });
  });
});

/** Lists that hold ids of the bureau for its administrator. */
const showsOwn = new Set(
  ['accounts', 'articles', 'audit', 'cases', 'deliveries', 'people', 'reviews', 'session', 'units'].map(
    (path) => `/api/${path}`,
  ),
);

async function collectIds({ installation, home }: AccessStage): Promise<string[]> {
  const { rows } = await installation.app.database.withWorker((tx) =>
    sql<{ id: string }>`
      select id::text from units where bureau_id = ${home.id}
      union select person_id::text from memberships where bureau_id = ${home.id}
      union select id::text from accounts where bureau_id = ${home.id}
      union select id::text from articles where bureau_id = ${home.id}
      union select id::text from reviews where bureau_id = ${home.id}
      union select id::text from deliveries where bureau_id = ${home.id}
      union select id::text from cases where bureau_id = ${home.id}
      union select id::text from audit_entries where bureau_id = ${home.id}`.execute(tx),
  );
  return rows.map((row) => row.id);
}

/** Takes the second fence away: every row is everybody's. */
async function openAllPolicies({ installation }: AccessStage): Promise<void> {
  await installation.app.database.asOwner((db) =>
    sql`do $$
        declare one record;
        begin
          for one in select tablename from pg_policies where schemaname = 'public' and policyname = 'staff' loop
            execute format('alter policy staff on %I using (true) with check (true)', one.tablename);
          end loop;
        end $$`.execute(db),
  );
}
