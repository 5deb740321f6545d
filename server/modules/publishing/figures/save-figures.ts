import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { fromWallTime } from '#server/base/clock.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import type { SheetRow } from '#server/base/sheets.ts';
import { findAccount } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { type AccountMetric, type Metric, metricLabels } from '#shared/abilities.ts';
import type { CheckedFigures, Totals } from '#shared/figures.ts';
import { linkKeyOf } from '../registrations/link-key.ts';
import { type KnownPost, readFigureRows } from './read-rows.ts';
import {
  findLatestFigures,
  listOut,
  type NewFigure,
  type OutRow,
  putAccountFigures,
  putFigures,
} from './store.ts';

const asPost = (row: OutRow): KnownPost => ({
  id: row.id,
  title: row.title,
  accountName: row.account_name,
  linkKey: row.link_key,
});

/** Understands rows against the posts that are here; a total below an earlier one gets a remark. Saves nothing. */
export async function checkFigureRows(
  tx: Tx,
  actor: Actor,
  rows: readonly SheetRow[],
  asked: { deliveryIds: readonly string[]; metrics: readonly Metric[]; asOfWall: string | null },
): Promise<CheckedFigures[]> {
  const links = rows.flatMap(({ cells }) => cells.flatMap((cell) => /https?:\/\/\S+/.exec(cell) ?? []));
  const keys = [...new Set(links.map(linkKeyOf))];
  const posts = await listOut(tx, actor.bureauId, { linkKeys: keys }, 2_000);
  const shown = await listOut(tx, actor.bureauId, { ids: asked.deliveryIds }, 500);
  const byId = new Map(shown.map((row) => [row.id, asPost(row)]));
  const checked = readFigureRows(rows, {
    posts: posts.map(asPost),
    order: asked.deliveryIds.flatMap((id) => byId.get(id) ?? []),
    metrics: asked.metrics,
    asOfWall: asked.asOfWall,
  });
  const ids = checked.flatMap(({ deliveryId }) => deliveryId ?? []);
  const latest = await findLatestFigures(tx, actor.bureauId, ids);
  for (const row of checked) {
    for (const { metric, value } of latest.get(row.deliveryId ?? '') ?? []) {
      const now = row.totals[metric];
      if (typeof now !== 'number' || value === null || now >= value) continue;
      const { zh, en } = metricLabels[metric];
      row.remarks.push({
        zh: `${zh}比上次少（上次 ${value}，这次 ${now}），请核对。`,
        en: `${en}: less than last time (${value}, now ${now}); look again.`,
      });
    }
  }
  return checked;
}

/**
 * Figures that a person read, or that came in a file: all rows or none.
 * @throws {AppError} not-found, input-invalid
 */
export async function saveFiguresBy(
  app: App,
  tx: Tx,
  actor: Actor,
  capture: 'hand' | 'file',
  rows: readonly { deliveryId: string; asOfWall: string | null; totals: Totals }[],
): Promise<{ saved: number }> {
  const out = await listOut(tx, actor.bureauId, { ids: rows.map((row) => row.deliveryId) }, rows.length);
  const known = new Set(out.map(({ id }) => id));
  if (rows.some((row) => !known.has(row.deliveryId))) throw new AppError('not-found');
  const now = await clockOf(tx);
  const figures: NewFigure[] = [];
  for (const row of rows) {
    const asOf = momentOf(row.asOfWall, now);
    for (const [metric, value] of Object.entries(row.totals) as [Metric, number | null][])
      figures.push(figureOf(row.deliveryId, metric, value, capture, asOf, actor));
  }
  const keys = new Set(figures.map((one) => `${one.subjectId} ${one.metric} ${one.asOf.getTime()}`));
  if (figures.length === 0 || keys.size < figures.length)
    throw new AppError('input-invalid', {
      problem: '没有数字，或同一条作品填了两次 / no number, or one post twice',
    });
  await putFigures(tx, actor.bureauId, figures);
  for (const row of rows) {
    await record(
      tx,
      actor,
      'figures.saved',
      { kind: 'delivery', id: row.deliveryId },
      { capture, asOf: momentOf(row.asOfWall, now).toISOString(), totals: row.totals },
    );
  }
  app.live.changed(tx, actor.bureauId, 'deliveries');
  return { saved: figures.length };
}

/** @throws {AppError} not-found */
export async function saveAccountFiguresBy(
  app: App,
  tx: Tx,
  actor: Actor,
  accountId: string,
  input: { asOfWall: string | null; totals: Partial<Record<AccountMetric, number | null>> },
): Promise<void> {
  if (!(await findAccount(tx, actor.bureauId, accountId))) throw new AppError('not-found');
  const asOf = momentOf(input.asOfWall, await clockOf(tx));
  const list = Object.entries(input.totals) as [AccountMetric, number | null][];
  await putAccountFigures(
    tx,
    actor.bureauId,
    list.map(([metric, value]) => figureOf(accountId, metric, value, 'hand', asOf, actor)),
  );
  const detail = { capture: 'hand', asOf: asOf.toISOString(), totals: input.totals };
  await record(tx, actor, 'figures.saved', { kind: 'account', id: accountId }, detail);
  app.live.changed(tx, actor.bureauId, 'accounts');
}

/** Null says: the platform does not show it. */
function figureOf<M extends string>(
  subjectId: string,
  metric: M,
  value: number | null,
  capture: 'hand' | 'file',
  asOf: Date,
  actor: Actor,
): NewFigure<M> {
  return {
    subjectId,
    metric,
    value,
    capture: value === null ? 'unavailable' : capture,
    asOf,
    by: actor.personId,
  };
}

/** Nobody reads tomorrow's figures. @throws {AppError} input-invalid */
function momentOf(wall: string | null, now: Date): Date {
  const asOf = wall === null ? now : fromWallTime(wall);
  if (asOf.getTime() > now.getTime() + 60_000)
    throw new AppError('input-invalid', { problem: '数据时间还没到 / the time lies in the future' });
  return asOf;
}
