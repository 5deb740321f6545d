import { getConnector } from '#connectors/registry.ts';
import type { Actor } from '#server/base/actor.ts';
import { AppError } from '#server/base/app-error.ts';
import { wallTime } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { nextCursor, readCursor } from '#server/base/page-cursor.ts';
import { writeSheets } from '#server/base/sheets.ts';
import { type Metric, metricLabels, metrics } from '#shared/abilities.ts';
import type { Figure, FigureRow } from '#shared/figures.ts';
import type { DeliveryState } from '#shared/publishing.ts';
import { type MadeFile, sheetMime } from '#shared/sheet.ts';
import { findFailures } from './poll-store.ts';
import { findLatestFigures, listOut, listPoints, type OutRow } from './store.ts';

const page = 50;
const sheetRows = 500;

function asRow(row: OutRow, figures: readonly Figure[], failure: string | null): FigureRow {
  const connector = getConnector(row.platform);
  return {
    deliveryId: row.id,
    title: row.title,
    accountId: row.account_id,
    accountName: row.account_name,
    platformName: connector.label,
    state: row.state as DeliveryState,
    url: row.url,
    publishedAt: row.published_at.toISOString(),
    figures: [...figures],
    byApi: Object.keys(connector.metrics?.counts ?? {}) as Metric[],
    failure,
  };
}

async function asRows(tx: Tx, bureauId: string, rows: readonly OutRow[]): Promise<FigureRow[]> {
  const ids = rows.map(({ id }) => id);
  const latest = await findLatestFigures(tx, bureauId, ids);
  const failures = await findFailures(tx, bureauId, ids);
  return rows.map((row) => asRow(row, latest.get(row.id) ?? [], failures.get(row.id) ?? null));
}

export async function listFigureViews(
  tx: Tx,
  actor: Actor,
  query: { accountId?: string | undefined; cursor?: string | undefined },
): Promise<{ rows: FigureRow[]; next: string | null }> {
  const before = readCursor(query.cursor);
  const rows = await listOut(tx, actor.bureauId, { accountId: query.accountId, before }, page);
  return {
    rows: await asRows(tx, actor.bureauId, rows),
    next: nextCursor(rows, page),
  };
}

/** These posts, newest first. */
export async function listFigureRows(tx: Tx, bureauId: string, ids: readonly string[]): Promise<FigureRow[]> {
  return asRows(tx, bureauId, await listOut(tx, bureauId, { ids }, ids.length));
}

/** @throws {AppError} not-found */
export async function getFigureView(
  tx: Tx,
  actor: Actor,
  deliveryId: string,
): Promise<{ row: FigureRow; points: Figure[] }> {
  const [row] = await asRows(tx, actor.bureauId, await listOut(tx, actor.bureauId, { ids: [deliveryId] }, 1));
  if (!row) throw new AppError('not-found');
  return { row, points: await listPoints(tx, actor.bureauId, deliveryId) };
}

/** The latest posts with what is known of them: looked at as it is, or filled in and read back. */
export async function makeFigureSheet(
  tx: Tx,
  actor: Actor,
  accountId: string | undefined,
): Promise<MadeFile> {
  const out = await listOut(tx, actor.bureauId, { accountId }, sheetRows);
  const latest = await findLatestFigures(
    tx,
    actor.bureauId,
    out.map(({ id }) => id),
  );
  const bytes = await writeSheets([
    {
      name: '数据',
      header: ['账号', '标题', '发布时间', '链接', '数据时间', ...metrics.map((one) => metricLabels[one].zh)],
      rows: out.map((row) => {
        const figures = latest.get(row.id) ?? [];
        const asOf = figures
          .map((one) => one.asOf)
          .toSorted()
          .at(-1);
        return [
          row.account_name,
          row.title,
          wallTime(row.published_at),
          row.url,
          asOf ? wallTime(new Date(asOf)) : null,
          ...metrics.map((one) => figures.find(({ metric }) => metric === one)?.value ?? null),
        ];
      }),
      widths: [18, 36, 18, 44, 18, ...metrics.map(() => 10)],
    },
  ]);
  return { name: '作品数据.xlsx', mime: sheetMime, base64: bytes.toString('base64') };
}
