import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareText, compareTexts } from './compare.ts';

const words = fc.string({
  unit: fc.constantFrom(...'退休一件事怎么办，社保医保公积金。'),
  maxLength: 20,
});

describe('a comparison', () => {
  test('of equal texts has no change, and the part is left out', () => {
    const texts = [{ heading: '正文', text: '到龄前三个月可以申请。' }];
    expect(compareTexts(texts, texts)).toEqual([]);
  });

  test('of one mended typo shows that character and the sentence around it, not the whole text', () => {
    const long = '办理退休手续请提前三个月提出申请，材料齐全的当场受理。'.repeat(40);
    const before = `${long}养老保俭待遇按月发放。${long}`;
    const after = before.replace('保俭', '保险');
    const parts = compareText(before, after);
    expect(parts.filter((part) => part.kind !== 'same')).toEqual([
      { kind: 'removed', text: '俭' },
      { kind: 'added', text: '险' },
    ]);
    expect(parts.map((part) => part.text).join('').length).toBeLessThan(120);
    expect(parts[0]?.text.endsWith('养老保')).toBe(true);
    expect(parts.at(-1)?.text.startsWith('待遇按月发放')).toBe(true);
  });

  test('shows a part that came and a part that went', () => {
    const parts = compareTexts([{ heading: '摘要', text: '旧' }], [{ heading: '微博', text: '新' }]);
    expect(parts).toEqual([
      { heading: '微博', diff: [{ kind: 'added', text: '新' }] },
      { heading: '摘要', diff: [{ kind: 'removed', text: '旧' }] },
    ]);
  });

  test('of short texts loses and invents no character', () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        const parts = compareText(before, after);
        const side = (gone: 'added' | 'removed') =>
          parts
            .filter((part) => part.kind !== gone)
            .map((part) => part.text)
            .join('');
        expect([side('added'), side('removed')]).toEqual([before, after]);
      }),
    );
  });

  test('of two long texts that share nothing comes to an end quickly', () => {
    const before = Array.from({ length: 20_000 }, (_, at) => String.fromCharCode(0x4e00 + (at % 8_000))).join(
      '',
    );
    const after = Array.from({ length: 20_000 }, (_, at) =>
      String.fromCharCode(0x4e00 + ((at * 7_919 + 13) % 8_000)),
    ).join('');
    const started = performance.now();
    expect(compareText(before, after).length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
