/** What comes and goes as a spreadsheet: files for the browser to save, and rows with what is wrong with them. */
import { z } from 'zod';

/** A file the server made on the spot; the browser saves it under its name. */
export const MadeFile = z.object({ name: z.string(), mime: z.string(), base64: z.string() });
export type MadeFile = z.infer<typeof MadeFile>;

/** What is wrong with one row, and what to do about it. */
export const RowProblem = z.object({ zh: z.string(), en: z.string() });
export type RowProblem = z.infer<typeof RowProblem>;

export const sheetMime = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
