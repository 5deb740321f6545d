import { describe, expect, test } from 'vitest';
import { readCsv, writeCsvRow } from './csv.ts';

const cellsOf = (text: string | Buffer) => readCsv(Buffer.from(text)).map((row) => row.cells);

describe('a CSV file', () => {
  test('may quote commas, quotes and line breaks, and end its lines either way', () => {
    expect(cellsOf('a,b\r\n"x, ""y""","1\n2"\n')).toEqual([
      ['a', 'b'],
      ['x, "y"', '1\n2'],
    ]);
  });

  test('tells the line each row begins on, with line breaks in cells and empty lines between', () => {
    expect(readCsv(Buffer.from('a\n"1\n2"\n\nb')).map((row) => [row.line, row.cells[0]])).toEqual([
      [1, 'a'],
      [2, '1\n2'],
      [5, 'b'],
    ]);
  });

  test('may begin with a byte order mark', () => {
    expect(cellsOf('\ufefflogin,name')).toEqual([['login', 'name']]);
  });

  test('may be in the encoding a Chinese Excel writes', () => {
    // 用户名,姓名 in GBK.
    const gbk = Buffer.from([0xd3, 0xc3, 0xbb, 0xa7, 0xc3, 0xfb, 0x2c, 0xd0, 0xd5, 0xc3, 0xfb]);
    expect(cellsOf(gbk)).toEqual([['用户名', '姓名']]);
  });

  test('with a quote that is never closed is refused, naming the line', () => {
    expect(() => cellsOf('a\n"b\nc')).toThrow('line 2');
  });

  test('is written so that no cell is run as a formula', () => {
    expect(writeCsvRow(['=1+1', '@x', '甲"乙', 'a,b', '丙'])).toBe(`'=1+1,'@x,"甲""乙","a,b",丙`);
  });
});
