/** The stage of the inbox bench: a bureau with years of cases, written as the intake would leave them. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { sql } from 'kysely';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { handleErrors } from '#server/base/http/errors.ts';
import { registerRoutes } from '#server/base/http/register.ts';
import { newId } from '#server/base/ids.ts';
import { seeded } from '#server/base/text/learn/seeded.ts';
import { readConfig } from '#server/config.ts';
import { inboxRoutes } from '#server/modules/inbox/index.ts';
import { indexTerms } from '#server/modules/publishing/index.ts';
import { openApp, openStorage } from '#server/start.ts';
import { caseFields, caseKinds } from '#shared/inbox.ts';

export type InboxStage = {
  messages: number;
  cases: number;
  ask(query: string): Promise<void>;
  pageQueries(): string[];
  filterQueries(): string[];
  searchQueries(): string[];
  stop(): Promise<void>;
};

const batch = 2_000;
/** Of ten cases four are written to twice and more: 100,000 messages are some 70,000 cases. */
const messagesPerCase = 1.4;
/** A county that is behind with its work: one case in forty is open. */
const openShare = 1 / 40;

const openings = ['请问', '我想咨询一下', '您好，', '麻烦问下', '投诉：', '反映一个问题，', '建议', '求助，'];
const persons = [
  '我',
  '我母亲',
  '我们工地二十多人',
  '我爱人',
  '我单位',
  '我弟弟',
  '村里几户人家',
  '退休的父亲',
];
const matters = [
  ...[
    '养老金认证一直通不过',
    '社保卡丢了在哪里补办',
    '失业金什么时候到账',
    '工资拖欠了三个月',
    '工伤认定材料交给谁',
  ],
  ...[
    '灵活就业怎么参保',
    '社保关系怎么转移接续',
    '职业培训补贴怎么申请',
    '劳动合同到期不续签有没有补偿',
    '考试报名缴费失败',
  ],
  ...[
    '退休手续要带什么材料',
    '居民养老保险能不能补缴',
    '创业担保贷款利率是多少',
    '档案存放在哪里',
    '加班费没有给',
  ],
  ...[
    '电子社保卡打不开',
    '生育津贴怎么还没有发',
    '毕业生就业见习在哪里报名',
    '医保和社保是不是一起交',
    '事业单位招聘公告在哪看',
  ],
];
const places = '青川云溪石桥柳林东河南塘北湾枫树白鹤黄泥赤水双桥金鸡银杏梅岭竹园荷塘松坡杏花桃源'.match(
  /../g,
)!;
const endings = [
  '谢谢！',
  '请尽快回复。',
  '电话打了好几次没人接。',
  '跑了两趟都没办成。',
  '网上查不到。',
  '望解决。',
];

export async function openInboxStage(messages: number): Promise<InboxStage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'huisheng-bench-inbox-'));
  const config = readConfig({
    HUISHENG_DATA_DIR: dataDir,
    HUISHENG_ROLES: 'web',
    HUISHENG_PUBLIC_URL: 'http://inbox.bench.example',
    HUISHENG_MASTER_KEY: randomBytes(32).toString('hex'),
  });
  const storage = await openStorage(config);
  const { app, close } = await openApp(config, storage);
  const actor = await stageBureau(app);
  const cases = Math.round(messages / messagesPerCase);
  const texts = await stageCases(app, actor, cases, messages);
  await app.database.asOwner((db) => sql`vacuum analyze`.execute(db));
  const server = Fastify({ logger: false, forceCloseConnections: true });
  handleErrors(server);
  registerRoutes(server, app, inboxRoutes(), async () => actor);
  const address = await server.listen({ port: 0, host: '127.0.0.1' });
  const read = async (query: string) => {
    const response = await fetch(`${address}/api/cases?${query}`);
    if (response.status !== 200) throw new Error(`${query}: ${response.status} ${await response.text()}`);
    return (await response.json()) as { rows: unknown[]; next: string | null };
  };
  const cursors = await walk(read);
  const random = seeded(7);
  return {
    messages,
    cases,
    async ask(query) {
      await read(query);
    },
    pageQueries: () => cursors,
    filterQueries: () => listFilters(actor),
    searchQueries: () => Array.from({ length: 200 }, () => searchOf(texts, random)),
    async stop() {
      await server.close();
      await close();
      await storage.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function stageBureau(app: App): Promise<Actor> {
  const [bureauId, personId] = [newId(), newId()];
  await app.database.withWorker(async (tx) => {
    await sql`insert into units (bureau_id, id, kind, level, name, short_name, path)
      values (${bureauId}, ${bureauId}, 'bureau', 'county', '青川县人社局', '青川人社', ${`/${bureauId}/`})`.execute(
      tx,
    );
    await sql`insert into people (id, login, name, password_hash) values (${personId}, 'bench', '周敏', '')`.execute(
      tx,
    );
    await sql`insert into memberships (bureau_id, id, person_id, unit_id, role)
      values (${bureauId}, ${newId()}, ${personId}, ${bureauId}, 'agent')`.execute(tx);
  });
  const unitPath = `/${bureauId}/`;
  return { personId, name: '周敏', bureauId, unitId: bureauId, unitPath, roles: ['agent'] };
}

type Staged = {
  id: string;
  conversation: string;
  number: string;
  kind: string;
  field: string | null;
  state: string;
  urgency: string;
  owner: string | null;
  received: string;
  due: string;
  title: string;
  words: { id: string; text: string; at: string }[];
  terms: string[];
};

async function stageCases(app: App, actor: Actor, cases: number, messages: number): Promise<string[]> {
  const random = seeded(42);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const say = () =>
    `${pick(openings)}${pick(persons)}在${pick(places)}${Math.ceil(random() * 90)}号，${pick(matters)}，${pick(endings)}`;
  const start = Date.now() - 3 * 365 * 86_400_000;
  const texts: string[] = [];
  let written = 0;
  for (let first = 0; first < cases; first += batch) {
    const rows: Staged[] = [];
    for (let at = first; at < Math.min(first + batch, cases); at += 1) {
      const left = messages - written - (cases - at - 1);
      const wordCount = at === cases - 1 ? left : Math.max(1, Math.min(left, random() < 0.35 ? 2 : 1));
      written += wordCount;
      const received = start + (at / cases) * (Date.now() - start);
      const words = Array.from({ length: wordCount }, (_, word) => ({
        id: newId(),
        text: say(),
        at: new Date(received + word * 3_600_000).toISOString(),
      }));
      const number = `2026-${String(at + 1).padStart(6, '0')}`;
      rows.push({
        ...{ id: newId(), conversation: newId(), number, words },
        ...{ kind: pick(caseKinds), field: random() < 0.85 ? pick(caseFields) : null },
        state: random() < openShare ? 'open' : random() < 0.7 ? 'closed' : 'answered',
        urgency: random() < 0.03 ? 'urgent' : 'normal',
        owner: random() < 0.3 ? actor.personId : null,
        received: new Date(received).toISOString(),
        due: new Date(received + 5 * 86_400_000).toISOString(),
        title: words[0]!.text.slice(0, 40),
        terms: indexTerms(`${number}\n${at + 1}\n${words.map((word) => word.text).join('\n')}`),
      });
      texts.push(words[0]!.text);
    }
    await app.database.withWorker((tx) => writeBatch(tx, actor.bureauId, rows));
  }
  return texts;
}

async function writeBatch(tx: Tx, bureauId: string, rows: readonly Staged[]): Promise<void> {
  const given = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (
    id uuid, conversation uuid, number text, kind text, field text, state text, urgency text, owner uuid,
    received timestamptz, due timestamptz, title text, words jsonb, terms jsonb)`;
  await sql`insert into conversations (bureau_id, id, kind, thread_key, person_key, person_name, last_at)
    select ${bureauId}, conversation, 'ask', conversation::text, conversation::text, '群众', received from ${given}`.execute(
    tx,
  );
  await sql`insert into messages (bureau_id, id, conversation_id, direction, platform_id, text, at, received_at)
    select ${bureauId}, (w ->> 'id')::uuid, r.conversation, 'in', w ->> 'id', w ->> 'text', (w ->> 'at')::timestamptz,
           (w ->> 'at')::timestamptz
    from ${given}, jsonb_array_elements(r.words) w`.execute(tx);
  await sql`insert into cases (bureau_id, id, number, kind, field, state, urgency, owner_id, unit_id, channel, title,
                               received_at, due_at, answered_at, outcome, closed_at)
    select ${bureauId}, id, number, kind, field, state, urgency, owner, ${bureauId}, 'ask', title, received, due,
           case when state <> 'open' then due end, case when state = 'closed' then 'answered' end,
           case when state = 'closed' then due end
    from ${given}`.execute(tx);
  await sql`insert into case_conversations (bureau_id, case_id, conversation_id)
    select ${bureauId}, id, conversation from ${given}`.execute(tx);
  await sql`insert into case_texts (bureau_id, case_id, bigrams)
    select ${bureauId}, id, array_to_tsvector(array(select jsonb_array_elements_text(r.terms))) from ${given}`.execute(
    tx,
  );
}

/** Pages of the queue from its beginning on, and from places far within it. */
async function walk(read: (query: string) => Promise<{ next: string | null }>): Promise<string[]> {
  const queries = [''];
  for (const state of ['', 'state=open&', 'state=closed&', 'mine=1&']) {
    let cursor: string | null = null;
    for (let page = 0; page < 12; page += 1) {
      const query: string = `${state}${cursor ? `cursor=${encodeURIComponent(cursor)}` : ''}`;
      queries.push(query);
      cursor = (await read(query)).next;
      if (cursor === null) break;
    }
  }
  // Two years back.
  const far = 1e11 - (Date.now() / 1000 - 2 * 365 * 86_400);
  return [...queries, `cursor=${far}_${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}`];
}

function listFilters(actor: Actor): string[] {
  const queries = [
    'overdue=1',
    'triage=1',
    'spam=1',
    'urgency=urgent',
    'urgency=critical',
    'mine=1&state=open',
  ];
  for (const field of caseFields) {
    queries.push(`field=${encodeURIComponent(field)}`, `field=${encodeURIComponent(field)}&state=open`);
    for (const kind of caseKinds)
      queries.push(`field=${encodeURIComponent(field)}&kind=${kind}&urgency=urgent`);
  }
  for (const kind of caseKinds)
    queries.push(`kind=${kind}&state=answered`, `kind=${kind}&unitId=${actor.unitId}`);
  return [...queries, 'channel=ask', 'channel=letter', 'channel=transfer&state=open'];
}

/** Two to eight characters out of a text, or a number. */
function searchOf(texts: readonly string[], random: () => number): string {
  const index = Math.floor(random() * texts.length);
  if (random() < 0.15) return `search=${index + 1}`;
  const text = texts[index]!;
  const length = 2 + Math.floor(random() * 7);
  const from = Math.floor(random() * Math.max(1, text.length - length));
  const words = text
    .slice(from, from + length)
    .replaceAll(/[，。！？：、]/g, '')
    .trim();
  return `search=${encodeURIComponent(words || '社保卡')}`;
}
