/** A bureau with a section, two agents and a WeChat account on the stand-in, on a real database. */
import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import Fastify, { type FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import type { ArmFault } from '#sandbox/core/faults.ts';
import type { LedgerKind } from '#sandbox/core/ledger.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { writeComment } from '#sandbox/wechat-official/comments.ts';
import { personCalled, receiveMessage, setSubscribed } from '#sandbox/wechat-official/messages.ts';
import { sealPush } from '#sandbox/wechat-official/seal.ts';
import { setUpAccount } from '#sandbox/wechat-official/set-up.ts';
import { type Article, type Comment, stateOf, type WechatAccount } from '#sandbox/wechat-official/state.ts';
import { type Actor, systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { handleErrors } from '#server/base/http/errors.ts';
import { registerRoutes } from '#server/base/http/register.ts';
import { newId } from '#server/base/ids.ts';
import { createAccountIn } from '#server/modules/accounts/index.ts';
import { planningRoutes, seedWorkingDays } from '#server/modules/planning/index.ts';
import { publishingRoutes } from '#server/modules/publishing/index.ts';
import { reviewRoutes } from '#server/modules/review/index.ts';
import type { Role } from '#shared/people.ts';
import { buildApp } from '#tests/support/build-app.ts';
import {
  createPushIntake,
  inboxRoutes,
  type PushIntake,
  publishedAnswerSubject,
  pushRoutes,
  recomputeDeadlines,
  replySubject,
  replyTask,
} from './index.ts';

const appid = 'wx00000000000test0';
const secrets = {
  appSecret: 'TEST_SECRET',
  token: 'matrixTestToken',
  encodingAESKey: 'llmChHXtUG9eOuSL+aPl5OM8gK5GxKmFlq8DpxB3/jo',
};
const originalId = 'gh_0123456789ab';

export type Bureau = {
  id: string;
  insuranceId: string;
  accountId: string;
  agent: Actor;
  otherAgent: Actor;
  section: Actor;
  reviewer: Actor;
  administrator: Actor;
};

export type InboxStage = {
  app: App;
  bureau: Bureau;
  sandbox: Sandbox;
  server: FastifyInstance;
  intake: PushIntake;
  /** Address that the platform pushes to. */
  hook: string;
  /** One SQL statement as the owner of the tables. */
  query<T>(text: string): Promise<T[]>;
  call(
    actor: Actor | null,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }>;
  /** A signed, encrypted text message as the platform pushes it. */
  sealText(text: string, message: PushedWords): SealedPush;
  post(push: SealedPush): Promise<{ status: number; body: string }>;
  /** Someone writes to the account on the stand-in, which pushes it. */
  write(nickname: string, text: string): void;
  setSubscribed(nickname: string, subscribed: boolean): void;
  /** A delivery that is published on the stand-in, so that people can comment on it. */
  publish(): Promise<{ deliveryId: string; comment(nickname: string, content: string): Comment }>;
  account(): WechatAccount;
  arm(path: string, fault: ArmFault['fault'], times?: number): void;
  accepted(kind: LedgerKind): readonly Readonly<Record<string, unknown>>[];
  stop(): Promise<void>;
};
/** `menu`: the key of a button that was pressed, instead of typed words. */
export type PushedWords = { msgId: string; from?: string; at?: Date; forged?: boolean; menu?: boolean };
export type SealedPush = { url: string; method: 'POST'; headers: Record<string, string>; body: string };

export async function stageInbox(): Promise<InboxStage> {
  const sandbox = await startSandbox();
  sandbox.world.pushes.behave('wechat-official', { gapMs: 20 });
  const { app, close } = await buildApp({
    platformUrls: new Map(
      ['wechat-official', 'weibo', 'douyin'].map((id) => [id, `${sandbox.url}/sandbox/${id}`]),
    ),
  });
  const bureau = await buildBureau(app, 'A');
  const server = Fastify({ logger: false, forceCloseConnections: true });
  handleErrors(server);
  await server.register(cookie);
  await server.register(multipart);
  const intake = createPushIntake(app.database);
  const subjects = new Map([replySubject, publishedAnswerSubject].map((subject) => [subject.kind, subject]));
  const routes = [
    ...inboxRoutes(),
    ...planningRoutes(recomputeDeadlines),
    ...reviewRoutes(subjects),
    ...publishingRoutes(new Map([[replyTask.kind, replyTask]])),
  ];
  registerRoutes(server, app, routes, async (request) => {
    const given = request.headers['x-actor'];
    return typeof given === 'string' ? (JSON.parse(given) as Actor) : null;
  });
  await server.register(pushRoutes, { app, intake });
  const address = await server.listen({ port: 0, host: '127.0.0.1' });
  const hook = `${address}/hooks/wechat-official/${bureau.accountId}`;
  const { token, encodingAESKey } = secrets;
  setUpAccount(sandbox.world, appid, {
    secret: secrets.appSecret,
    name: '青川县人社局',
    kind: 'subscription',
    originalId,
    push: { url: hook, token, encodingAESKey },
  });
  const account = () => stateOf(sandbox.world).accounts[appid]!;
  return {
    app,
    bureau,
    sandbox,
    server,
    intake,
    hook,
    account,
    query: <T>(text: string) => app.database.asOwner(async (db) => (await sql.raw<T>(text).execute(db)).rows),
    call: (actor, method, path, body) => call(address, actor, method, path, body),
    sealText: (text, message) => sealText(account(), hook, text, message),
    post,
    write: (nickname, text) =>
      void receiveMessage(sandbox.world, account(), personCalled(sandbox.world, account(), nickname), text),
    setSubscribed: (nickname, subscribed) =>
      setSubscribed(sandbox.world, account(), personCalled(sandbox.world, account(), nickname), subscribed),
    publish: () => publish(app, bureau, sandbox, account()),
    arm: (path, fault, times = 1) =>
      void sandbox.world.faults.arm({ platform: 'wechat-official', path, times, fault }),
    accepted: (kind) => sandbox.world.ledger.list({ kind }).map((entry) => entry.detail),
    async stop() {
      await server.close();
      await close();
      await sandbox.stop();
    },
  };
}

export async function buildBureau(app: App, mark: string): Promise<Bureau> {
  const id = newId();
  const insuranceId = newId();
  const people = new Map<string, Actor>();
  const accountId = await app.database.withWorker(async (tx) => {
    const unit = (unitId: string, kind: string, name: string, fields: string[]) =>
      tx
        .insertInto('units')
        .values({
          bureau_id: id,
          id: unitId,
          kind,
          level: 'county',
          name,
          short_name: name,
          fields,
          ...{ parent_id: unitId === id ? null : id, path: unitId === id ? `/${id}/` : `/${id}/${unitId}/` },
        })
        .execute();
    await unit(id, 'bureau', `${mark}县人社局`, []);
    await unit(insuranceId, 'section', '社会保险股', ['社会保险', '社保卡']);
    for (const [key, role, unitId] of [
      ['agent', 'agent', id],
      ['otherAgent', 'agent', id],
      ['section', 'section', insuranceId],
      ['reviewer', 'reviewer-first', id],
      ['administrator', 'administrator', id],
    ] as const satisfies readonly (readonly [string, Role, string])[]) {
      const personId = newId();
      const name = `${mark}-${key}`;
      const login = `${mark}-${key}-${personId.slice(-6)}`.toLowerCase();
      await tx.insertInto('people').values({ id: personId, login, name, password_hash: '' }).execute();
      await tx
        .insertInto('memberships')
        .values({ bureau_id: id, id: newId(), person_id: personId, unit_id: unitId, role })
        .execute();
      people.set(key, { personId, name, bureauId: id, unitId, unitPath: `/${id}/`, roles: [role] });
    }
    await seedWorkingDays(tx, id, [2025, 2026]);
    const input = {
      platform: 'wechat-official',
      name: '青川人社',
      unitId: id,
      secrets,
      settings: { appId: appid, originalId, kind: 'subscription' },
    };
    return (await createAccountIn(app, tx, systemActor(id), input)).id;
  });
  const actor = (key: string): Actor => people.get(key)!;
  return {
    id,
    insuranceId,
    accountId,
    agent: actor('agent'),
    otherAgent: actor('otherAgent'),
    section: actor('section'),
    reviewer: actor('reviewer'),
    administrator: actor('administrator'),
  };
}

/** Puts a bureau founded earlier beside this one, so that its public pages stand below `/b/<slug>` and not at the root. */
export async function standBehind(stage: InboxStage, slug: string): Promise<void> {
  const earlier = '00000000-0000-7000-8000-000000000001';
  await stage.query(
    `insert into units (bureau_id, id, kind, level, name, short_name, path)
     values ('${earlier}', '${earlier}', 'bureau', 'county', '先设的人社局', '先设', '/${earlier}/')`,
  );
  await stage.query(
    `insert into bureau_settings (bureau_id, slug, policy)
     values ('${earlier}', 'earlier', 'dengbao'), ('${stage.bureau.id}', '${slug}', 'dengbao')`,
  );
}

async function call(address: string, actor: Actor | null, method: string, path: string, body?: unknown) {
  const response = await fetch(`${address}${path}`, {
    method,
    headers: {
      ...(actor ? { 'x-actor': JSON.stringify(actor) } : {}),
      ...(method === 'GET' ? {} : { 'idempotency-key': newId() }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

function sealText(account: WechatAccount, url: string, text: string, message: PushedWords): SealedPush {
  const {
    msgId,
    from = 'oPERSON0000000000000000001',
    at = new Date(),
    forged = false,
    menu = false,
  } = message;
  const fields = {
    ToUserName: account.originalId,
    FromUserName: from,
    CreateTime: Math.floor(at.getTime() / 1000),
    ...(menu
      ? { MsgType: 'event', Event: 'CLICK', EventKey: text }
      : { MsgType: 'text', Content: text, MsgId: msgId }),
  };
  return sealPush({ ...account.push!, url }, account.appid, from, fields, Date.now(), forged);
}

async function post(push: SealedPush): Promise<{ status: number; body: string }> {
  const { url, ...init } = push;
  const response = await fetch(url, init);
  return { status: response.status, body: await response.text() };
}

let publications = 0;

async function publish(app: App, bureau: Bureau, sandbox: Sandbox, account: WechatAccount) {
  publications += 1;
  const msgDataId = String(2_247_480_000 + publications);
  const deliveryId = newId();
  const ids = { bureau_id: bureau.id, account_id: bureau.accountId };
  await app.database.withWorker(async (tx) => {
    const articleId = newId();
    const versionId = newId();
    const packageId = newId();
    const person = bureau.agent.personId;
    const row = { bureau_id: bureau.id, created_by: person };
    await tx
      .insertInto('articles')
      .values({
        ...row,
        id: articleId,
        unit_id: bureau.id,
        working: '{"title":"退休一件事"}',
        updated_by: person,
      })
      .execute();
    await tx
      .insertInto('article_versions')
      .values({
        ...row,
        id: versionId,
        article_id: articleId,
        number: 1,
        content: '{}',
        content_hash: Buffer.alloc(32),
      })
      .execute();
    await tx
      .insertInto('packages')
      .values({
        ...ids,
        id: packageId,
        article_id: articleId,
        version_id: versionId,
        payload: '{}',
        hash: Buffer.alloc(32),
        short_token: newId(),
      })
      .execute();
    await tx
      .insertInto('deliveries')
      .values({
        ...{
          ...ids,
          id: deliveryId,
          package_id: packageId,
          article_id: articleId,
          platform: 'wechat-official',
        },
        ...{
          mode: 'api',
          reach: 'publish',
          state: 'published',
          due_at: new Date(),
          planned_wall: '2026-11-23 09:00',
        },
        published_at: new Date(),
        platform_ids: JSON.stringify({ msgDataId }),
      })
      .execute();
  });
  const article: Article = {
    article_type: 'news',
    need_open_comment: 1,
    only_fans_can_comment: 0,
    ...{
      title: '退休一件事',
      author: '',
      digest: '',
      content: '',
      content_source_url: '',
      thumb_media_id: '',
    },
  };
  account.publications.push({
    ...{
      publishId: msgDataId,
      msgDataId,
      draftId: '',
      articles: [article],
      submittedAt: Date.now(),
      status: 0,
    },
    failIdx: [],
    articleId: null,
    publishedAt: Date.now(),
    pageBase: '',
  });
  return {
    deliveryId,
    comment(nickname: string, content: string) {
      const { openid } = personCalled(sandbox.world, account, nickname);
      return writeComment(sandbox.world, account, { msgDataId, index: 0, openid, nickname, content });
    },
  };
}
