import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountTopics, topicLine, topicsOf } from '#shared/topics.ts';
import { cutTitle, firstSentence, fitParagraphs, fitText, lengthOf } from './fit-text.ts';

describe('a title that is too long', () => {
  test('ends at its last clause that fits', () => {
    expect(cutTitle('退休一件事一次办好：五个事项、一张表单、一个窗口', 16)).toBe(
      '退休一件事一次办好：五个事项',
    );
    expect(cutTitle('退休一件事', 20)).toBe('退休一件事');
  });

  test('is cut within, with an ellipsis, when no clause leaves half of the room', () => {
    const cut = cutTitle(`喂，${'标'.repeat(40)}`, 20);
    expect(lengthOf(cut)).toBe(20);
    expect(cut).toMatch(/…$/);
    // One person with a family is one character.
    expect(lengthOf('👩‍👩‍👧')).toBe(1);
  });
});

describe('paragraphs that fit', () => {
  test('are whole sentences, and never more than there is room for', () => {
    const text = fitParagraphs(['甲乙丙。丁戊。', '己庚辛壬癸。'], 10);
    expect(text).toBe('甲乙丙。丁戊。');
    expect(fitParagraphs(['甲乙丙。', '丁戊。'], 20)).toBe('甲乙丙。\n\n丁戊。');
    expect(lengthOf(fitParagraphs(['甲'.repeat(50)], 10))).toBe(10);
  });
});

describe('a text cut to what a field takes', () => {
  test('is left alone where it fits', () => {
    expect(fitText('甲乙丙。\n\n丁。', 8)).toMatchObject({ text: '甲乙丙。\n\n丁。', used: 8, limit: 8 });
  });

  test('ends with the last whole sentence or line, its own breaks kept, and says how long the whole is', () => {
    expect(fitText('甲乙丙丁。\n\n戊己庚。辛壬癸', 12)).toMatchObject({
      text: '甲乙丙丁。\n\n戊己庚。',
      used: 14,
    });
    expect(fitText('第一行标题\n第二行很长没有句号', 8).text).toBe('第一行标题');
  });

  test('ends with a clause or a word where no sentence ends in the second half of the room', () => {
    expect(fitText('甲。乙丙丁戊己庚，辛壬癸子丑', 10).text).toBe('甲。乙丙丁戊己庚');
    expect(fitText('Apply at the service counter today', 20).text).toBe('Apply at the');
  });

  test('keeps the topics at its end', () => {
    const fitted = fitText(`${'甲乙丙丁。'.repeat(10)}\n#人社 #便民`, 40);
    expect(fitted.text).toBe(`${'甲乙丙丁。'.repeat(6)}\n#人社 #便民`);
  });

  test('never is longer than the room, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('甲', '。', '，', '\n', ' ', 'a', '#', '👩‍👩‍👧'), maxLength: 80 }),
        fc.integer({ min: 2, max: 40 }),
        (text, limit) => {
          const fitted = fitText(text, limit);
          expect(lengthOf(fitted.text)).toBeLessThanOrEqual(limit);
          if (fitted.used <= limit) expect(fitted.text).toBe(text);
        },
      ),
    );
  });
});

describe('topics', () => {
  test('are found with one mark or two, each once, and not in an address', () => {
    expect(topicsOf('#政务公开 办事 #便民#，#政务公开 https://x.example/a#b')).toEqual(['政务公开', '便民']);
  });

  test('of the account are added where the text lacks them', () => {
    expect(accountTopics('人社, #便民、社保')).toEqual(['人社', '便民', '社保']);
    expect(topicLine(['人社', '便民'], '看这里 #便民')).toBe('#人社');
    expect(accountTopics(undefined)).toEqual([]);
  });

  test('do not count as the first sentence', () => {
    expect(firstSentence('#便民 退休一次办好！还有')).toBe('退休一次办好！');
    expect(firstSentence('第一行\n第二行')).toBe('第一行');
    expect(firstSentence('')).toBe('');
  });
});
