import { expect, test } from 'vitest';
import type { StagedDelivery } from './publish-fixtures.ts';
import { judgeLedger } from './publish-ledger.ts';

const planned = [1, 2, 3].map((number) => ({ number }) as StagedDelivery);

let seq = 0;
const accepted = (number: number, account = 'a') => {
  seq += 1;
  return {
    ...{ seq, at: new Date(seq).toISOString(), platform: 'weibo', account, kind: 'post.published' },
    detail: { text: `【办事指南第${String(number).padStart(7, '0')}号】` },
  };
};

test('every post once and in order is all right', () => {
  const ledger = [accepted(1), accepted(2), accepted(3)];
  expect(judgeLedger(ledger, planned)).toEqual({ lost: 0, doubled: 0, outOfOrder: 0 });
});

test('what is missing is lost, what is there again is doubled', () => {
  const ledger = [accepted(1), accepted(3), accepted(3), accepted(3)];
  expect(judgeLedger(ledger, planned)).toEqual({ lost: 1, doubled: 2, outOfOrder: 0 });
});

test('order counts within an account, not between accounts', () => {
  expect(judgeLedger([accepted(3, 'a'), accepted(1, 'b'), accepted(2, 'a')], planned).outOfOrder).toBe(1);
});

test('posts of others and other entries of the ledger count for nothing', () => {
  const upload = { ...accepted(2), kind: 'media.uploaded' };
  expect(judgeLedger([accepted(1), accepted(9), upload], planned)).toMatchObject({ lost: 2, doubled: 0 });
});
