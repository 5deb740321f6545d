import { describe, expect, test } from 'vitest';
import type { DeliveryRecord } from '../store.ts';
import { createAccountLanes } from './account-lanes.ts';

/** Only what the lanes look at. */
const delivery = (account: string, id: string, platform = 'p') =>
  ({ account_id: account, id, platform }) as DeliveryRecord;

function stage(atOnce: number, ofOnePlatform = atOnce) {
  const running = new Map<string, () => void>();
  const order: string[] = [];
  let ended = 0;
  const lanes = createAccountLanes({
    ...{ atOnce, ofOnePlatform },
    run({ id }) {
      order.push(id);
      return new Promise<void>((resolve) => running.set(id, resolve));
    },
    ended: () => {
      ended += 1;
    },
  });
  const finish = async (id: string) => {
    running.get(id)!();
    running.delete(id);
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return { lanes, order, finish, runs: () => [...running.keys()], ended: () => ended };
}

describe('lanes of accounts', () => {
  test('run one account’s deliveries one after the other, accounts beside each other', async () => {
    const { lanes, runs, finish, order } = stage(8);
    lanes.add([delivery('x', 'x1'), delivery('y', 'y1'), delivery('x', 'x2')]);
    expect(runs()).toEqual(['x1', 'y1']);
    await finish('x1');
    expect(runs()).toEqual(['y1', 'x2']);
    lanes.add([delivery('x', 'x3')]);
    await finish('x2');
    await finish('x3');
    expect(order).toEqual(['x1', 'y1', 'x2', 'x3']);
  });

  test('serve no more accounts at once than they may, and the next when one is done', async () => {
    const { lanes, runs, finish } = stage(2);
    lanes.add(['a', 'b', 'c'].map((account) => delivery(account, `${account}1`)));
    expect(runs()).toEqual(['a1', 'b1']);
    expect(lanes.waiting().get('p')).toBe(1);
    await finish('b1');
    expect(runs()).toEqual(['a1', 'c1']);
    expect(lanes.waiting().has('p')).toBe(false);
  });

  test('keep places for other platforms while one hangs', async () => {
    const { lanes, runs, finish } = stage(3, 2);
    lanes.add(['a', 'b', 'c'].map((account) => delivery(account, `${account}1`, 'hangs')));
    lanes.add([delivery('d', 'd1', 'well'), delivery('e', 'e1', 'well')]);
    expect(runs()).toEqual(['a1', 'b1', 'd1']);
    await finish('d1');
    expect(runs()).toEqual(['a1', 'b1', 'e1']);
    expect([...lanes.waiting()]).toEqual([['hangs', 1]]);
  });

  test('say when each has ended', async () => {
    const { lanes, finish, ended } = stage(2);
    lanes.add([delivery('a', 'a1'), delivery('a', 'a2')]);
    await finish('a1');
    expect(ended()).toBe(1);
  });

  test('begin nothing more once they are stopped, and wait for what runs', async () => {
    const { lanes, finish, order } = stage(1);
    lanes.add([delivery('a', 'a1'), delivery('a', 'a2'), delivery('b', 'b1')]);
    let stopped = false;
    const stopping = lanes.stop().then(() => {
      stopped = true;
    });
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(stopped).toBe(false);
    await finish('a1');
    await stopping;
    expect(order).toEqual(['a1']);
  });
});
