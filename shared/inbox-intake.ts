/** Words that reach the bureau by hand: visits, calls, letters, and lists transferred from a hotline. */
import { z } from 'zod';
import { CaseKind } from './inbox.ts';
import { type Text, text } from './lang.ts';
import { looksLikePhone } from './phone.ts';
import { route } from './route.ts';
import { CaseFile } from './sent-files.ts';

export const everyHandChannel = ['visit', 'phone', 'letter'] as const;
/** From these nothing goes back by itself: somebody rings up, writes, or tells the hotline. */
export const toldByHand: ReadonlySet<string> = new Set([...everyHandChannel, 'hotline']);

export const takeInCase = route({
  method: 'POST',
  path: '/api/cases',
  access: 'inbox.dispatch',
  summary: 'Enter what somebody said at the counter, on the telephone or by letter.',
  body: z.object({
    channel: z.enum(everyHandChannel),
    text: z.string().trim().min(2).max(5_000),
    /** Null: by the words. */
    kind: CaseKind.nullable().default(null),
    /** 'YYYY-MM-DD HH:mm', Asia/Shanghai; null: now. */
    receivedWall: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/)
      .nullable()
      .default(null),
    name: z.string().trim().max(40).default(''),
    phone: z
      .string()
      .trim()
      .max(40)
      .refine(
        (phone) => phone === '' || looksLikePhone(phone),
        '电话号码好像不完整 / check the telephone number',
      )
      .default(''),
    address: z.string().trim().max(120).default(''),
    fileIds: z.array(z.uuid()).max(9).default([]),
  }),
  reply: z.object({ caseId: z.uuid() }),
});

/** Columns of a list from a hotline; other names that such lists use are understood too. */
export const importColumns = [
  'number',
  'source',
  'receivedAt',
  'dueAt',
  'text',
  'kind',
  'name',
  'phone',
  'address',
] as const;
export type ImportColumn = (typeof importColumns)[number];
export const importColumnLabels = {
  number: text('工单编号', 'Order number'),
  source: text('来源', 'Source'),
  receivedAt: text('来件时间', 'Received'),
  dueAt: text('办结时限', 'Due'),
  text: text('诉求内容', 'Words'),
  kind: text('类型', 'Kind'),
  name: text('姓名', 'Name'),
  phone: text('联系电话', 'Telephone'),
  address: text('联系地址', 'Address'),
} as const satisfies Record<ImportColumn, Text>;
export const neededColumns: readonly ImportColumn[] = ['number', 'receivedAt', 'text'];

export const importCases = route({
  method: 'POST',
  path: '/api/cases/import',
  access: 'inbox.dispatch',
  summary:
    'Take in a list from a hotline (csv or xlsx, one file): all rows or none; known numbers are passed over.',
  reply: z.object({
    imported: z.number().int(),
    /** Order numbers that were here already. */
    known: z.array(z.string()),
    /** With any of these nothing was taken in. */
    problems: z.array(
      z.object({
        line: z.number().int(),
        column: z.string(),
        problem: z.object({ zh: z.string(), en: z.string() }),
      }),
    ),
  }),
});

export const uploadCaseFile = route({
  method: 'POST',
  path: '/api/case-files',
  access: 'inbox.answer',
  summary:
    'Store a picture or a PDF for a note (multipart, one file); checked by content, pictures encoded anew.',
  reply: CaseFile,
});
