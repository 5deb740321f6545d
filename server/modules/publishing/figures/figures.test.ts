import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { readSheet, writeSheets } from '#server/base/sheets.ts';
import { listAccounts } from '#shared/accounts.ts';
import {
  type CheckedFigures,
  checkPastedFigures,
  getFigureSheet,
  getFigures,
  listAccountFigures,
  listFigures,
  saveAccountFigures,
  saveFigures,
} from '#shared/figures.ts';
import { registerPosts } from '#shared/registrations.ts';
import { createClient } from '#tests/support/client.ts';
import { buildDesk, type Desk } from '../test-support.ts';

let desk: Desk;
let accountId: string;
beforeAll(async () => {
  desk = await buildDesk();
  const accounts = await desk.editor.call(listAccounts, {});
  accountId = accounts.find(({ platform }) => platform === 'xiaohongshu')!.id;
});
afterAll(() => desk?.close());

let count = 0;
async function register(): Promise<{ id: string; link: string }> {
  count += 1;
  const link = `https://www.xiaohongshu.com/explore/66f1a2b3000000002e${String(count).padStart(6, '0')}`;
  const row = { accountId, pasted: link, title: `作品${count}`, publishedWall: '2026-03-04 09:30' };
  const { ids } = await desk.editor.call(registerPosts, { body: { rows: [row] } });
  return { id: ids[0]!, link };
}

const save = (
  deliveryId: string,
  totals: object,
  asOfWall: string | null = null,
  capture: 'hand' | 'file' = 'hand',
) => desk.editor.call(saveFigures, { body: { capture, rows: [{ deliveryId, asOfWall, totals }] } });
const read = (deliveryId: string) => desk.editor.call(getFigures, { params: { deliveryId } });
const latest = async (id: string) =>
  Object.fromEntries((await read(id)).row.figures.map((one) => [one.metric, [one.value, one.capture]]));

describe('figures of a post', () => {
  test('are written by whoever signed in and may manage posts', async () => {
    const { id } = await register();
    const input = {
      body: { capture: 'hand' as const, rows: [{ deliveryId: id, asOfWall: null, totals: { reads: 1 } }] },
    };
    expect((await createClient(desk.installation.url, '').try(saveFigures, input)).status).toBe(401);
    expect((await (await desk.installation.as('lingdao')).try(saveFigures, input)).status).toBe(403);
  });

  test('keep every point; the latest moment counts, not the latest typing', async () => {
    const { id } = await register();
    await save(id, { reads: 10 }, '2026-03-05 10:00');
    await save(id, { reads: 30, likes: 0 }, '2026-03-07 10:00');
    await save(id, { reads: 20 }, '2026-03-06 10:00', 'file');
    expect(await latest(id)).toEqual({ reads: [30, 'hand'], likes: [0, 'hand'] });
    const { points } = await read(id);
    expect(points.filter(({ metric }) => metric === 'reads').map(({ value }) => value)).toEqual([10, 20, 30]);
    expect((await desk.auditOf(id)).at(-1)).toMatchObject({
      action: 'figures.saved',
      detail: { capture: 'file', totals: { reads: 20 } },
    });
  });

  test('that the platform does not show are unavailable: neither zero nor missing', async () => {
    const { id } = await register();
    await save(id, { shares: null, likes: 0 });
    expect(await latest(id)).toEqual({ shares: [null, 'unavailable'], likes: [0, 'hand'] });
  });

  test('of one moment are mended by writing them again', async () => {
    const { id } = await register();
    await save(id, { reads: 100 }, '2026-03-05 10:00');
    await save(id, { reads: 10 }, '2026-03-05 10:00');
    expect((await read(id)).points.map(({ value }) => value)).toEqual([10]);
  });

  test('are refused whole when one post is not here, a time lies ahead, or nothing is said', async () => {
    const { id } = await register();
    const rows = (deliveryId: string, totals: object, asOfWall: string | null = null) => [
      { deliveryId: id, asOfWall: null, totals: { reads: 1 } },
      { deliveryId, asOfWall, totals },
    ];
    const attempt = async (list: ReturnType<typeof rows>) =>
      (await desk.editor.try(saveFigures, { body: { capture: 'hand', rows: list } })).status;
    expect(await attempt(rows(newId(), { reads: 2 }))).toBe(404);
    expect(await attempt(rows((await register()).id, { reads: 2 }, '2999-01-01 10:00'))).toBe(400);
    expect(await attempt(rows(id, { reads: 2 }))).toBe(400);
    expect(await latest(id)).toEqual({});
  });
});

describe('figures by a pasted block or a sheet', () => {
  test('are shown as understood, with a remark on a total that fell; nothing is saved', async () => {
    const { id, link } = await register();
    await save(id, { reads: 50 }, '2026-03-05 10:00');
    const { rows } = await desk.editor.call(checkPastedFigures, {
      body: { pasted: `${link}?xsec_token=AB\t40`, deliveryIds: [], metrics: ['reads'], asOfWall: null },
    });
    expect(rows).toMatchObject([{ deliveryId: id, totals: { reads: 40 }, problems: [] }]);
    expect(rows[0]!.remarks[0]!.zh).toContain('比上次少');
    expect(await latest(id)).toEqual({ reads: [50, 'hand'] });
  });

  test('the sheet of what is known is filled in and read back', async () => {
    const { id, link } = await register();
    const made = await desk.editor.call(getFigureSheet, { query: { accountId } });
    const [heading, ...rows] = await readSheet(Buffer.from(made.base64, 'base64'));
    const mine = rows.find(({ cells }) => cells.includes(link))!;
    const filled = heading!.cells.map((name, at) => (name === '阅读' ? '1.5万' : (mine.cells[at] ?? '')));
    const form = new FormData();
    const bytes = await writeSheets([{ name: '数据', header: heading!.cells, rows: [filled] }]);
    form.append('file', new Blob([new Uint8Array(bytes)]), '数据.xlsx');
    const answer = await fetch(`${desk.installation.url}/api/figures/sheet`, {
      method: 'POST',
      headers: { cookie: desk.editor.cookie, 'idempotency-key': newId() },
      body: form,
    });
    const checked = ((await answer.json()) as { rows: CheckedFigures[] }).rows;
    expect(checked).toMatchObject([{ deliveryId: id, totals: { reads: 15_000 }, problems: [] }]);
  });
});

test('the table lists what is or was out, newest first, page after page', async () => {
  const { id } = await register();
  const { rows } = await desk.editor.call(listFigures, { query: { accountId } });
  expect(rows.map(({ deliveryId }) => deliveryId)).toContain(id);
  const times = rows.map(({ publishedAt }) => publishedAt);
  expect(times).toEqual(times.toSorted().reverse());
});

test('an account’s followers are kept over time', async () => {
  const body = { asOfWall: '2026-03-05 10:00', totals: { followers: 0 } };
  await desk.editor.call(saveAccountFigures, { params: { accountId }, body });
  const { points } = await desk.editor.call(listAccountFigures, { params: { accountId } });
  expect(points).toMatchObject([{ metric: 'followers', value: 0, capture: 'hand' }]);
});
