/** A task by hand in two taps: a link opens the platform's app with the package, and the platform tells when it is out. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccount, listAccounts } from '#shared/accounts.ts';
import { listNotices } from '#shared/notices.ts';
import { cancelDelivery, getDelivery } from '#shared/publishing.ts';
import { type AppLink, askAppLink, getHandOff, proveHandOff } from '#shared/tasks.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import {
  approveThroughChain,
  buildDraft,
  listDeliveriesOf,
  untilDelivery,
} from '#tests/support/build-article.ts';
import { type Client, createClient } from '#tests/support/client.ts';
import { until } from '#tests/support/wait.ts';

const openId = 'ba253642-0590-40bc-9bdf-9a1334b94059';
const application = { key: 'awtestclientkey1', secret: 'test_client_secret_0001' };
const publicUrl = 'https://rs.example.gov.cn';

let installation: TestInstallation;
let editor: Client;
let phone: Client;
let pushUrl: string;
beforeAll(async () => {
  installation = await buildInstallation({ publicUrl });
  editor = await installation.as('bianji');
  phone = createClient(installation.url, '');
  const admin = await installation.as('guanli');
  const [{ unitId } = { unitId: '' }] = await admin.call(listAccounts, {});
  const { id } = await admin.call(createAccount, {
    body: {
      ...{ platform: 'douyin-scan', name: '云溪人社抖音', unitId },
      settings: { clientKey: application.key },
      secrets: { clientSecret: application.secret },
    },
  });
  pushUrl = `${installation.url}/hooks/douyin-scan/${id}`;
  await setUp();
}, 60_000);
afterAll(() => installation?.close());

async function setUp(change: Record<string, unknown> = {}): Promise<void> {
  const answer = await fetch(`${installation.sandbox.url}/sandbox/_control/douyin/accounts/${openId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ clientKey: application.key, clientSecret: application.secret, name: '云溪人社' },
      ...{ push: { url: pushUrl }, ...change },
    }),
  });
  expect(answer.ok).toBe(true);
}

async function task(): Promise<{ deliveryId: string; articleId: string; token: string }> {
  const draft = await buildDraft(installation, editor, { platforms: ['douyin-scan'] });
  await approveThroughChain(installation, editor, draft);
  const delivery = await untilDelivery(editor, draft.articleId, 'douyin-scan', ['handed-off']);
  return { deliveryId: delivery.id, articleId: draft.articleId, token: delivery.handoffUrl!.slice(-22) };
}

const look = async (token: string) => phone.call(getHandOff, { params: { token } });

async function linkOf(token: string): Promise<AppLink> {
  await phone.call(askAppLink, { params: { token }, body: {} });
  return until(
    async () => {
      const { appLink } = await look(token);
      return appLink && ['ready', 'failed'].includes(appLink.state) ? appLink : undefined;
    },
    { what: 'a link into the app', timeoutMs: 20_000 },
  );
}

const scanPage = `/sandbox/douyin/scan`;
const opens = async (schema: string) =>
  (await fetch(`${installation.sandbox.url}${scanPage}?${new URLSearchParams({ schema })}`)).text();
const post = (schema: string) =>
  fetch(`${installation.sandbox.url}${scanPage}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ schema, openId }),
  });

describe('a link into the app', () => {
  test('is made on demand, opens the app on phone and desk, and the push of the post closes the task', async () => {
    const { token, articleId, deliveryId } = await task();
    expect((await look(token)).appLink).toMatchObject({ state: 'none', app: { zh: '抖音' }, phone: null });
    const link = await linkOf(token);
    expect(link).toMatchObject({ state: 'ready', failure: null });
    expect(await opens(link.phone!)).toContain('scan-accepted');
    expect(await opens(link.desk!)).toContain('scan-accepted');
    // Asked again while it holds, it is the same: two people may have the page open.
    expect((await linkOf(token)).phone).toBe(link.phone);

    expect((await post(link.phone!)).status).toBe(303);
    const published = await untilDelivery(editor, articleId, 'douyin-scan', ['published']);
    expect(published).toMatchObject({ id: deliveryId, taskState: 'verified' });
    const seen = await look(token);
    expect(seen).toMatchObject({ state: 'verified', proof: { told: true }, appLink: null });

    // The push brought no address; the person may add it, once.
    const address = 'https://v.douyin.com/iRNBho6u/';
    const add = (pasted: string) => phone.try(proveHandOff, { params: { token }, body: { pasted } });
    expect((await add(`看看 ${address} 复制打开`)).body).toEqual({ url: address });
    expect((await editor.call(getDelivery, { params: { deliveryId } })).url).toBe(address);
    expect((await add('https://v.douyin.com/another1/')).error?.code).toBe('handoff-expired');

    // Told again under another id of the message, and once more posted with the desk's code: nothing changes.
    const before = await editor.call(getDelivery, { params: { deliveryId } });
    expect((await post(link.desk!)).status).toBe(303);
    await until(
      async () => {
        const { rows } = await waitingPushes();
        return rows.length >= 2 && rows.every((row) => row.settled) ? true : undefined;
      },
      { what: 'both pushes are dealt with', timeoutMs: 20_000 },
    );
    const after = await editor.call(getDelivery, { params: { deliveryId } });
    expect([after.state, after.publishedAt]).toEqual(['published', before.publishedAt]);
    expect((await listDeliveriesOf(editor, articleId)).length).toBe(1);
  });

  test('used after the post was cancelled here is not lost: the post is shown as out, and the canceller is told', async () => {
    const { token, articleId, deliveryId } = await task();
    const link = await linkOf(token);
    await editor.call(cancelDelivery, { params: { deliveryId }, body: { reason: '时间写错' } });
    expect((await post(link.phone!)).status).toBe(303);
    const out = await untilDelivery(editor, articleId, 'douyin-scan', ['published']);
    expect([out.id, out.reason?.zh]).toEqual([deliveryId, expect.stringContaining('还是发出来了')]);
    const { rows } = await editor.call(listNotices, { query: {} });
    expect(rows[0]).toMatchObject({ kind: 'delivery-after-end', link: `/deliveries/${deliveryId}` });
  });

  test('carries addresses of the files that are signed, hold for this task only, and give ranges', async () => {
    const { token } = await task();
    const { phone: schema } = await linkOf(token);
    const query = new URLSearchParams(schema!.split('?')[1]);
    const [address = ''] = JSON.parse(
      query.get('image_list_path') ?? `["${query.get('image_path')}"]`,
    ) as string[];
    expect(address).toMatch(/^https:\/\/rs\.example\.gov\.cn\/files\/handed\//);
    const here = address.replace(publicUrl, installation.url);
    const whole = await fetch(here);
    expect([whole.status, whole.headers.get('content-type'), whole.headers.get('cache-control')]).toEqual([
      200,
      'image/jpeg',
      'private, no-store',
    ]);
    const bytes = Buffer.from(await whole.arrayBuffer());
    const part = await fetch(here, { headers: { range: 'bytes=2-5' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 2-5/${bytes.length}`]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(2, 6));

    const segments = here.split('/');
    const changed = (at: number, value: (old: string) => string) =>
      segments.map((one, index) => (index === segments.length + at ? value(one) : one)).join('/');
    const later = (old: string) => (Number.parseInt(old, 36) + 60).toString(36);
    const otherTask = (old: string) => `${old.slice(0, -1)}${old.endsWith('0') ? '1' : '0'}`;
    for (const [name, url] of [
      ['a later end', changed(-2, later)],
      ['another task', changed(-3, otherTask)],
      ['another file', changed(-1, (old) => old.replace(/^./, (one) => (one === 'a' ? 'b' : 'a')))],
      ['no file', changed(-1, () => '')],
    ] as const)
      expect((await fetch(url)).status, name).toBe(404);
    // With the task they end too.
    await post(schema!);
    await until(async () => ((await look(token)).state === 'verified' ? true : undefined), {
      what: 'the task is over',
      timeoutMs: 20_000,
    });
    expect((await fetch(here)).status).toBe(404);
  });

  test('that ended is made anew, with the id that the first one is followed by', async () => {
    const { token, deliveryId } = await task();
    const first = await linkOf(token);
    await installation.app.database.asOwner((tx) =>
      tx
        .updateTable('app_links')
        .set({ until: new Date(0), asked_at: new Date(0) })
        .execute(),
    );
    expect((await look(token)).appLink?.state).toBe('none');
    const second = await linkOf(token);
    expect(second.phone).not.toBe(first.phone);
    const stateIn = (schema: string | null) => new URLSearchParams(schema!.split('?')[1]).get('state');
    expect(stateIn(second.phone)).toBe(stateIn(first.phone));
    await post(first.phone!);
    await until(
      async () =>
        (await editor.call(getDelivery, { params: { deliveryId } })).state === 'published' || undefined,
      { what: 'posted with the first link', timeoutMs: 20_000 },
    );
  });

  test('says why there is none; the steps by hand remain', async () => {
    await setUp({ scopes: ['user_info'] });
    const { token } = await task();
    const link = await linkOf(token);
    expect([link.state, link.failure]).toEqual(['failed', expect.stringContaining('28001018')]);
    expect((await look(token)).instructions.length).toBeGreaterThan(0);
    await setUp();
  });

  test('is nothing for a platform without it', async () => {
    const draft = await buildDraft(installation, editor, { platforms: ['xiaohongshu'] });
    await approveThroughChain(installation, editor, draft);
    const { handoffUrl } = await untilDelivery(editor, draft.articleId, 'xiaohongshu', ['handed-off']);
    const token = handoffUrl!.slice(-22);
    await phone.call(askAppLink, { params: { token }, body: {} });
    expect((await look(token)).appLink).toBeNull();
  });
});

async function waitingPushes(): Promise<{ rows: { settled: boolean }[] }> {
  return installation.app.database.asOwner(async (tx) => {
    const rows = await tx.selectFrom('raw_pushes').select('processed_at').execute();
    return { rows: rows.map(({ processed_at }) => ({ settled: processed_at !== null })) };
  });
}
