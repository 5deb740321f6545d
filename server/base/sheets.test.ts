import { zipSync } from 'fflate';
import { readXlsx, writeXlsx } from 'hucre/xlsx';
import { describe, expect, test } from 'vitest';
import { readPastedCells, readSheet, sheetLimits, writeCsv, writeSheets } from './sheets.ts';

const book = async (rows: Parameters<typeof writeXlsx>[0]['sheets'][number]['rows']) =>
  Buffer.from(await writeXlsx({ sheets: [{ name: '表', rows: rows! }] }));
const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe('reading a sheet', () => {
  test('gives every cell as the text a person sees, with the row’s own number', async () => {
    const bytes = await book([
      ['标题', '时间', '阅读'],
      [],
      [' 退休一件事 ', new Date(Date.UTC(2026, 10, 28, 9, 5)), 1234],
      ['0012', new Date(Date.UTC(2026, 10, 28)), 0.1 + 0.2],
      [null, 'x', true],
    ]);
    expect(await readSheet(bytes)).toEqual([
      { line: 1, cells: ['标题', '时间', '阅读'] },
      { line: 3, cells: ['退休一件事', '2026-11-28 09:05', '1234'] },
      { line: 4, cells: ['0012', '2026-11-28', '0.3'] },
      { line: 5, cells: ['', 'x', 'TRUE'] },
    ]);
  });

  test('takes the first sheet that can be seen', async () => {
    const bytes = await writeXlsx({
      sheets: [
        { name: '藏', rows: [['藏']], hidden: true },
        { name: '见', rows: [['见']] },
        { name: '后', rows: [['后']] },
      ],
    });
    expect(await readSheet(Buffer.from(bytes))).toEqual([{ line: 1, cells: ['见'] }]);
  });

  test('knows csv by its content, also in the encoding a Chinese Excel writes', async () => {
    const gbk = Buffer.from([0xb1, 0xea, 0xcc, 0xe2, 0x2c, 0x31, 0x0d, 0x0a]);
    expect(await readSheet(gbk)).toEqual([{ line: 1, cells: ['标题', '1'] }]);
    expect(await readSheet(Buffer.from('\ufeff标题,"a,b"\r\n'))).toEqual([
      { line: 1, cells: ['标题', 'a,b'] },
    ]);
  });

  test.each([
    ['nothing', Buffer.alloc(0), '空'],
    ['an old workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3]), '另存为 .xlsx'],
    ['a broken archive', Buffer.from('PK\u0003\u0004broken'), '损坏'],
    ['another archive', Buffer.from(zipSync({ 'a.txt': new Uint8Array([65]) })), '压缩包'],
    ['a Word document', Buffer.from(zipSync({ 'word/document.xml': new Uint8Array([65]) })), 'Word'],
    ['a picture', Buffer.from([0xff, 0xd8, 0, 1, 2]), '不是表格'],
    ['a quote without end', Buffer.from('a,"b\nc'), '引号'],
  ])('says what is wrong with %s', async (_, bytes, words) => {
    await expect(readSheet(bytes)).rejects.toMatchObject({
      code: 'sheet-unreadable',
      details: { problem: expect.stringContaining(words) },
    });
  });

  test('refuses what is too large before it is laid out: corners far apart, many rows, a bomb', async () => {
    const far = Buffer.from(
      await writeXlsx({
        sheets: [{ name: '表', rows: [['a']], cells: new Map([['1000000,9000', { value: 'z' }]]) }],
      }),
    );
    expect(await readSheet(far)).toEqual([{ line: 1, cells: ['a'] }]);
    const wide = await book([Array.from({ length: sheetLimits.columns + 1 }, () => 'x')]);
    await expect(readSheet(wide)).rejects.toEqual(code('sheet-too-large'));
    const long = Buffer.from('x\n'.repeat(sheetLimits.rows + 1));
    await expect(readSheet(long)).rejects.toEqual(code('sheet-too-large'));
    const bomb = Buffer.from(zipSync({ 'xl/workbook.xml': new Uint8Array(110 * 1024 * 1024) }));
    await expect(readSheet(bomb)).rejects.toEqual(code('sheet-too-large'));
  });
});

test.each([
  ['a PDF', '%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>', 'PDF'],
  ['a web page', '\uFEFF\n<html><table><tr><td>工单编号</td></tr></table></html>', '网页'],
  ['a document in RTF', '{\\rtf1 工单编号}', 'Word'],
])('says of %s what it is, whatever its name', async (_what, bytes, word) => {
  await expect(readSheet(Buffer.from(bytes))).rejects.toMatchObject({
    code: 'sheet-unreadable',
    message: expect.stringContaining('no spreadsheet'),
    details: { problem: expect.stringContaining(word) },
  });
});

test('what a spreadsheet puts on the clipboard is read by its tabs, with line breaks in quotes', () => {
  expect(readPastedCells('1,024\t"两\n行"\r\n\t0\r\n')).toEqual([
    { line: 1, cells: ['1,024', '两\n行'] },
    { line: 3, cells: ['', '0'] },
  ]);
  expect(() => readPastedCells('"a')).toThrow(code('sheet-unreadable'));
});

describe('writing a sheet', () => {
  const sheet = {
    name: '数据',
    header: ['标题', '阅读'],
    rows: [
      ['=cmd()', 0],
      ['+86', -5],
      ['-1', null],
      ['@a', 3],
      ['\tx', 4],
      ['平常', 5],
    ],
  } as const;

  test('leaves no cell that is run as a formula, and zero apart from nothing', async () => {
    const { sheets } = await readXlsx(await writeSheets([sheet]));
    expect(sheets[0]!.rows).toEqual([
      ['标题', '阅读'],
      ["'=cmd()", 0],
      ["'+86", -5],
      ["'-1", null],
      ["'@a", 3],
      ["'\tx", 4],
      ['平常', 5],
    ]);
  });

  test('as csv does the same and is read back as it was', async () => {
    const bytes = writeCsv(sheet);
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect((await readSheet(bytes)).map((row) => row.cells)).toEqual([
      ['标题', '阅读'],
      ["'=cmd()", '0'],
      ["'+86", '-5'],
      ["'-1"],
      ["'@a", '3'],
      ["'\tx", '4'],
      ['平常', '5'],
    ]);
  });
});
