import { describe, expect, test } from 'vitest';
import { accountTopics, topicLine, topicsOf } from '#shared/topics.ts';
import { cutTitle, firstSentence, fitParagraphs, lengthOf } from './fit-text.ts';

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
