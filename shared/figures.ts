/** Figures of posts and accounts: running totals at moments, each with how it was got. */
import { z } from 'zod';
import { AccountMetric, Capture, Metric } from './abilities.ts';
import { DeliveryState } from './publishing.ts';
import { route } from './route.ts';
import { MadeFile, RowProblem } from './sheet.ts';

const Total = z.number().int().min(0).max(9_000_000_000_000);
/** Null says that the platform does not show it; a metric that is left out was not looked at. Zero is a figure. */
const Totals = z.partialRecord(Metric, Total.nullable());
export type Totals = z.infer<typeof Totals>;
/** Wall time in Asia/Shanghai that the totals speak of; null: now. */
const AsOf = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/)
  .nullable();

export const Figure = z.object({
  metric: Metric,
  value: z.number().int().nullable(),
  capture: Capture,
  asOf: z.iso.datetime(),
  capturedAt: z.iso.datetime(),
});
export type Figure = z.infer<typeof Figure>;

/** One post with its latest figures; what is missing from them nobody has looked at yet. */
export const FigureRow = z.object({
  deliveryId: z.uuid(),
  title: z.string(),
  accountId: z.uuid(),
  accountName: z.string(),
  platformName: z.object({ zh: z.string(), en: z.string() }),
  state: DeliveryState,
  url: z.string().nullable(),
  publishedAt: z.iso.datetime(),
  figures: z.array(Figure),
  /** Metrics that the account's interface gives. */
  byApi: z.array(Metric),
  /** Why the interface gave nothing last time; null: it did, or is not asked. */
  failure: z.string().nullable(),
});
export type FigureRow = z.infer<typeof FigureRow>;

/** One row of a pasted block or a sheet, as it was understood. */
export const CheckedFigures = z.object({
  line: z.number().int(),
  deliveryId: z.uuid().nullable(),
  title: z.string(),
  accountName: z.string(),
  asOfWall: z.string().nullable(),
  totals: Totals,
  problems: z.array(RowProblem),
  /** Worth a look, no obstacle: a total below an earlier one. */
  remarks: z.array(RowProblem),
});
export type CheckedFigures = z.infer<typeof CheckedFigures>;

export const figuresAtOnce = 1_000;

export const listFigures = route({
  method: 'GET',
  path: '/api/figures',
  access: 'delivery.read',
  summary: 'Posts that are or were out, newest first, with their latest figures; 50 a page.',
  query: z.object({ accountId: z.uuid().optional(), cursor: z.string().max(200).optional() }),
  reply: z.object({ rows: z.array(FigureRow), next: z.string().nullable() }),
});

/** What a person must read this week. `total` counts posts beyond the rows too. */
export const DueFigures = z.object({
  rows: z.array(FigureRow),
  total: z.number().int(),
  accounts: z.array(
    z.object({
      accountId: z.uuid(),
      accountName: z.string(),
      platformName: z.object({ zh: z.string(), en: z.string() }),
    }),
  ),
  dueAt: z.iso.datetime(),
});
export type DueFigures = z.infer<typeof DueFigures>;

export const listDueFigures = route({
  method: 'GET',
  path: '/api/figures/due',
  access: 'delivery.manage',
  summary: 'Posts and followers that no interface counts and nobody read since Monday.',
  reply: DueFigures,
});

export const getFigures = route({
  method: 'GET',
  path: '/api/deliveries/:deliveryId/figures',
  access: 'delivery.read',
  summary: 'One post: its latest figures and every point of its curves.',
  params: z.object({ deliveryId: z.uuid() }),
  reply: z.object({ row: FigureRow, points: z.array(Figure) }),
});

/** `deliveryIds`: the posts as the screen shows them, for columns that carry no link. */
export const checkPastedFigures = route({
  method: 'POST',
  path: '/api/figures/check',
  access: 'delivery.manage',
  summary:
    'Understand a block pasted from a spreadsheet: by link, else by the order of the posts shown. Saves nothing.',
  body: z.object({
    pasted: z.string().min(1).max(200_000),
    deliveryIds: z.array(z.uuid()).max(500),
    /** What the columns are where the block has no heading. */
    metrics: z.array(Metric).max(10),
    asOfWall: AsOf,
  }),
  reply: z.object({ rows: z.array(CheckedFigures) }),
});

export const readFigureSheet = route({
  method: 'POST',
  path: '/api/figures/sheet',
  access: 'delivery.manage',
  summary:
    'Read an xlsx or csv of figures with a heading, matched by link (multipart field `file`). Saves nothing.',
  reply: z.object({ rows: z.array(CheckedFigures) }),
});

export const saveFigures = route({
  method: 'POST',
  path: '/api/figures',
  access: 'delivery.manage',
  summary: 'Save figures of posts got by hand or from a file: all of them, or none when one is wrong.',
  body: z.object({
    capture: z.enum(['hand', 'file']),
    rows: z
      .array(z.object({ deliveryId: z.uuid(), asOfWall: AsOf, totals: Totals }))
      .min(1)
      .max(figuresAtOnce),
  }),
  reply: z.object({ saved: z.number().int() }),
});

export const getFigureSheet = route({
  method: 'GET',
  path: '/api/figures/template',
  access: 'delivery.manage',
  summary: 'An xlsx of the latest posts with their figures, to be filled in and read back.',
  query: z.object({ accountId: z.uuid().optional() }),
  reply: MadeFile,
});

export const AccountFigure = Figure.extend({ metric: AccountMetric });
export type AccountFigure = z.infer<typeof AccountFigure>;

export const listAccountFigures = route({
  method: 'GET',
  path: '/api/accounts/:accountId/figures',
  access: 'account.read',
  summary: 'Followers and posts of an account over time.',
  params: z.object({ accountId: z.uuid() }),
  reply: z.object({ points: z.array(AccountFigure) }),
});

export const saveAccountFigures = route({
  method: 'POST',
  path: '/api/accounts/:accountId/figures',
  access: 'delivery.manage',
  summary: 'Save an account’s totals, read by a person.',
  params: z.object({ accountId: z.uuid() }),
  body: z.object({ asOfWall: AsOf, totals: z.partialRecord(AccountMetric, Total.nullable()) }),
  reply: z.object({ ok: z.literal(true) }),
});
