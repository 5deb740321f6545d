import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Outcome, PlatformIds } from '#connectors/contract.ts';
import { listNotices } from '#shared/notices.ts';
import { cancelDelivery, getDelivery, holdDelivery } from '#shared/publishing.ts';
import type { Client } from '#tests/support/client.ts';
import { buildDesk, type Desk } from '../test-support.ts';
import type { Push } from './late-word.ts';
import { applyPushedOutcome } from './pushed-outcome.ts';

let desk: Desk;
let administrator: Client;
beforeAll(async () => {
  desk = await buildDesk();
  administrator = await desk.installation.as('guanli');
});
afterAll(() => desk?.close());

const push = (told: Push) => desk.app.database.withWorker((tx) => applyPushedOutcome(desk.app, tx, told));
const noticesOf = async (client: Client, id: string) =>
  (await client.call(listNotices, { query: {} })).rows.filter(
    ({ kind, link }) => kind === 'delivery-after-end' && link === `/deliveries/${id}`,
  );

/** A task whose link into the app somebody had: the id is known to the platform too. */
async function handedOff(shareId: string) {
  const { id } = await desk.approveOn('xiaohongshu');
  await desk.step(id);
  await desk.set(id, `platform_ids = '{"shareId":"${shareId}"}'`);
  return desk.find(id);
}
const stop = (id: string) =>
  desk.editor.call(cancelDelivery, { params: { deliveryId: id }, body: { reason: '时间写错' } });
const toldOf = (
  { bureau_id, account_id }: { bureau_id: string; account_id: string },
  ids: PlatformIds,
  outcome: Outcome,
): Push => ({ bureauId: bureau_id, accountId: account_id, ids, outcome });
const out = (itemId: string): Outcome => ({ kind: 'published', ids: { itemId }, url: null, at: null });

describe('what a platform tells of a stopped post', () => {
  test('that it is out after all shows it as out, and whoever stopped it and the administrator are told', async () => {
    const delivery = await handedOff('S1');
    await stop(delivery.id);
    const told = toldOf(delivery, { shareId: 'S1', itemId: 'I1' }, out('I1'));
    expect(await push(told)).toBe(true);
    const view = await desk.editor.call(getDelivery, { params: { deliveryId: delivery.id } });
    expect([view.state, view.reason?.zh]).toEqual(['published', expect.stringContaining('还是发出来了')]);
    expect((await desk.find(delivery.id)).platform_ids).toEqual({ shareId: 'S1', itemId: 'I1' });
    for (const client of [desk.editor, administrator])
      expect(await noticesOf(client, delivery.id)).toMatchObject([{ urgency: 'urgent' }]);
    expect((await desk.auditOf(delivery.id)).at(-1)).toMatchObject({
      action: 'delivery.published',
      detail: { by: 'push', was: 'cancelled' },
    });
    // Told again, it is known.
    expect(await push(told)).toBe(true);
    expect(await noticesOf(desk.editor, delivery.id)).toHaveLength(1);
  });

  test.each([
    ['refused', { kind: 'rejected', code: '1', reason: '画面不清' }, '没有通过'],
    ['taken', { kind: 'pending', ids: {}, checkAfterMs: 1, waitingFor: 'platform' }, '正在处理'],
  ] as const)(
    'that it was %s is told once to whoever stopped it, and it stays stopped',
    async (name, outcome, words) => {
      const delivery = await handedOff(name);
      await stop(delivery.id);
      const told = toldOf(delivery, { shareId: name }, outcome as Outcome);
      expect([await push(told), await push(told)]).toEqual([true, true]);
      const view = await desk.editor.call(getDelivery, { params: { deliveryId: delivery.id } });
      expect([view.state, view.reason?.zh]).toEqual(['cancelled', expect.stringContaining(words)]);
      expect(await noticesOf(desk.editor, delivery.id)).toMatchObject([{ urgency: 'normal' }]);
      expect(await noticesOf(administrator, delivery.id)).toEqual([]);
      const heard = (await desk.auditOf(delivery.id)).filter(
        ({ action }) => action === 'delivery.told-after-end',
      );
      expect(heard).toHaveLength(1);
    },
  );

  test('reaches one that is held, and the administrator where nobody stopped it', async () => {
    const held = await handedOff('S2');
    await desk.editor.call(holdDelivery, { params: { deliveryId: held.id }, body: { reason: '先别发' } });
    await push(toldOf(held, { shareId: 'S2' }, out('I2')));
    expect((await desk.find(held.id)).state).toBe('published');
    expect(await noticesOf(desk.editor, held.id)).toHaveLength(1);
    const late = await handedOff('S3');
    await desk.set(late.id, "state = 'expired', wake_at = null");
    await push(toldOf(late, { shareId: 'S3' }, out('I3')));
    expect((await desk.find(late.id)).state).toBe('published');
    expect(await noticesOf(desk.editor, late.id)).toEqual([]);
    expect(await noticesOf(administrator, late.id)).toHaveLength(1);
  });

  test('is of no other account’s post, of no other id, and not of last year', async () => {
    const delivery = await handedOff('S4');
    await stop(delivery.id);
    const other = { ...delivery, account_id: (await desk.approveOn('weibo')).accountId };
    expect(await push(toldOf(other, { shareId: 'S4' }, out('I4')))).toBe(false);
    expect(await push(toldOf(delivery, { shareId: 'S5', itemId: '' }, out('I5')))).toBe(false);
    await desk.set(delivery.id, "due_at = now() - interval '31 days'");
    expect(await push(toldOf(delivery, { shareId: 'S4' }, out('I4')))).toBe(false);
    expect((await desk.find(delivery.id)).state).toBe('cancelled');
  });

  test('says nothing when it is only that the platform cannot tell now', async () => {
    const delivery = await handedOff('S6');
    await stop(delivery.id);
    const busy: Outcome = { kind: 'retry-later', afterMs: 1_000, code: 'busy', scope: 'platform' };
    expect(await push(toldOf(delivery, { shareId: 'S6' }, busy))).toBe(true);
    expect(await noticesOf(desk.editor, delivery.id)).toEqual([]);
    expect((await desk.find(delivery.id)).reason).toBe('时间写错');
  });
});
