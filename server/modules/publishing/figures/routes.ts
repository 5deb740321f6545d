import { AppError } from '#server/base/app-error.ts';
import { type RouteSet, serve, servePrepared } from '#server/base/http/serve.ts';
import { readUpload } from '#server/base/http/upload.ts';
import { readPastedCells, readSheet } from '#server/base/sheets.ts';
import { findAccount } from '#server/modules/accounts/index.ts';
import {
  checkPastedFigures,
  figuresAtOnce,
  getFigureSheet,
  getFigures,
  listAccountFigures,
  listDueFigures,
  listFigures,
  readFigureSheet,
  saveAccountFigures,
  saveFigures,
} from '#shared/figures.ts';
import { listDueFigureViews } from './due-figures.ts';
import { checkFigureRows, saveAccountFiguresBy, saveFiguresBy } from './save-figures.ts';
import { listAccountPoints } from './store.ts';
import { getFigureView, listFigureViews, makeFigureSheet } from './view.ts';

export function figureRoutes(): RouteSet {
  return [
    serve(listFigures, ({ tx, actor, query }) => listFigureViews(tx, actor, query)),
    serve(listDueFigures, ({ tx, actor }) => listDueFigureViews(tx, actor)),
    serve(getFigures, ({ tx, actor, params }) => getFigureView(tx, actor, params.deliveryId)),
    serve(checkPastedFigures, async ({ tx, actor, body }) => ({
      rows: await checkFigureRows(tx, actor, within(readPastedCells(body.pasted)), body),
    })),
    servePrepared(
      readFigureSheet,
      async ({ request }) => within(await readSheet((await readUpload(request)).bytes)),
      async ({ tx, actor, prepared }) => {
        const asked = { deliveryIds: [], metrics: [], asOfWall: null };
        return { rows: await checkFigureRows(tx, actor, prepared, asked) };
      },
    ),
    serve(saveFigures, ({ app, tx, actor, body }) => saveFiguresBy(app, tx, actor, body.capture, body.rows)),
    serve(getFigureSheet, ({ tx, actor, query }) => makeFigureSheet(tx, actor, query.accountId)),
    serve(listAccountFigures, async ({ tx, actor, params }) => {
      if (!(await findAccount(tx, actor.bureauId, params.accountId))) throw new AppError('not-found');
      return { points: await listAccountPoints(tx, actor.bureauId, params.accountId) };
    }),
    serve(saveAccountFigures, async ({ app, tx, actor, params, body }) => {
      await saveAccountFiguresBy(app, tx, actor, params.accountId, body);
      return { ok: true } as const;
    }),
  ];
}

/** With a heading one more. */
function within<T>(rows: T[]): T[] {
  if (rows.length === 0) throw new AppError('sheet-empty');
  if (rows.length > figuresAtOnce + 1) throw new AppError('sheet-too-many-rows', { rows: figuresAtOnce });
  return rows;
}
