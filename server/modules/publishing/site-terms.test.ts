import { describe, expect, test } from 'vitest';
import { countOccurrences, excerpt, indexTerms, markTerms, plainText, queryTerms } from './site-terms.ts';

describe('terms of a page', () => {
  test('are bigrams of each Chinese run, its last character, and whole words', () => {
    expect(indexTerms('退休一件事，拨打12333 Online')).toEqual([
      '退休',
      '休一',
      '一件',
      '件事',
      '事',
      '拨打',
      '打',
      '12333',
      'online',
    ]);
  });

  test('do not tell full-width, half-width and letter case apart', () => {
    expect(indexTerms('ＡＰＰ １２３３３')).toEqual(indexTerms('app 12333'));
  });

  test('keep rare characters outside the basic plane whole', () => {
    expect(indexTerms('𠮷林')).toEqual(['𠮷林', '林']);
  });

  test('are never empty strings and never longer than PostgreSQL takes', () => {
    const terms = indexTerms(`${'a'.repeat(5_000)} \u0301 ，。！`);
    expect(terms.every((term) => term.length > 0 && term.length <= 64)).toBe(true);
  });
});

describe('terms of a query', () => {
  test('a single character is looked for by prefix', () => {
    expect(queryTerms('税')).toEqual([{ text: '税', prefix: true }]);
  });

  test('nothing but punctuation gives no terms', () => {
    expect(queryTerms(`'; drop table -- ，。`)).toEqual([
      { text: 'drop', prefix: false },
      { text: 'table', prefix: false },
    ]);
    expect(queryTerms(`'"\\ !?&|`)).toEqual([]);
  });

  test('question words are left out, unless there is nothing else', () => {
    expect(queryTerms('请问退休怎么办理').map((term) => term.text)).toEqual(['退休', '办理']);
    expect(queryTerms('怎么办').map((term) => term.text)).toEqual(['怎么', '么办']);
  });

  test('a very long query is cut', () => {
    const long = Array.from({ length: 90 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('');
    expect(queryTerms(long)).toHaveLength(32);
  });
});

test('overlapping places of a term are each counted', () => {
  expect(countOccurrences('人人人', '人人')).toBe(2);
});

describe('marking', () => {
  test('joins bigrams that touch and keeps the text as it was written', () => {
    expect(markTerms('办理退休手续', queryTerms('退休手'))).toEqual([
      { text: '办理', hit: false },
      { text: '退休手', hit: true },
      { text: '续', hit: false },
    ]);
  });

  test('finds its places although folding changes lengths', () => {
    const parts = markTerms('共１２０㎡，ＡＰＰ申请', queryTerms('app'));
    expect(parts.filter((part) => part.hit)).toEqual([{ text: 'ＡＰＰ', hit: true }]);
    expect(parts.map((part) => part.text).join('')).toBe('共１２０㎡，ＡＰＰ申请');
  });

  test('an empty text has no parts', () => {
    expect(markTerms('', queryTerms('退休'))).toEqual([]);
  });
});

describe('an excerpt', () => {
  const text = `${'前言'.repeat(100)}灵活就业人员参保登记${'后记'.repeat(100)}`;

  test('shows the place where most terms stand, and says that it is cut', () => {
    const shown = excerpt(text, queryTerms('灵活就业参保'));
    const whole = shown.map((part) => part.text).join('');
    expect(whole).toContain('灵活就业人员参保登记');
    expect(whole.startsWith('…') && whole.endsWith('…')).toBe(true);
    expect(whole.length).toBeLessThanOrEqual(92);
  });

  test('is the whole of a short text', () => {
    expect(
      excerpt('社保卡补办', queryTerms('补办'))
        .map((part) => part.text)
        .join(''),
    ).toBe('社保卡补办');
  });

  test('never cuts a character in two', () => {
    for (let lead = 0; lead < 6; lead += 1) {
      const shown = excerpt(
        `${'啊'.repeat(lead)}${'𠮷'.repeat(300)}退休${'𠮷'.repeat(300)}`,
        queryTerms('退休'),
      );
      expect(
        shown
          .map((part) => part.text)
          .join('')
          .isWellFormed(),
      ).toBe(true);
    }
  });
});

test('the text of HTML keeps sentences whole, parts blocks and reads references', () => {
  const html =
    '<h2>一、<strong>退休</strong>申请</h2><p>A &amp; B &#60;c&#x3e;<br>下一行&nbsp;完 &unknown; &#0;</p><hr><ul><li>甲</li></ul>';
  expect(plainText(html)).toBe('一、退休申请\nA & B <c>\n下一行 完 &unknown; &#0;\n甲');
});
