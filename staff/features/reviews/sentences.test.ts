import { describe, expect, test } from 'vitest';
import { splitSentences } from './sentences.ts';

describe('sentences to remark on', () => {
  test('end with their closing marks and quotes', () => {
    expect(splitSentences('他说：“可以办。”窗口周末也开吗？开！')).toEqual([
      '他说：“可以办。”',
      '窗口周末也开吗？',
      '开！',
    ]);
  });
  test('do not run over line ends and are never empty', () => {
    expect(splitSentences('办理材料\n\n身份证；户口簿')).toEqual(['办理材料', '身份证；', '户口簿']);
  });
});
