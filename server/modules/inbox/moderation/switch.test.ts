import { afterAll, beforeAll, expect, test } from 'vitest';
import type { getCommentSwitch } from '#shared/comment-switches.ts';
import type { RouteReply } from '#shared/route.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { actOnSwitches } from './act-switch.ts';

let stage: InboxStage;
let deliveryId: string;
beforeAll(async () => {
  stage = await stageInbox();
  ({ deliveryId } = await stage.publish());
}, 60_000);
afterAll(() => stage.stop());

const path = () => `/api/deliveries/${deliveryId}/comment-switch`;
const wish = (open: boolean, reason = '恶意刷屏') =>
  stage.call(stage.bureau.administrator, 'POST', path(), { open, reason });
const look = async () =>
  (await stage.call(stage.bureau.administrator, 'GET', path())).body as RouteReply<typeof getCommentSwitch>;
const isOpen = () => stage.accepted('commenting.changed').at(-1)?.open;

test('a post begins as it was published, and where the platform has the call people may switch', async () => {
  expect(await look()).toEqual({ offered: true, last: null });
});

test('comments are closed and opened again on the platform, with reason and audit row', async () => {
  for (const open of [false, true]) {
    expect((await wish(open)).status).toBe(200);
    expect((await look()).last).toMatchObject({ open, state: 'acting' });
    await actOnSwitches(stage.app);
    expect((await look()).last).toMatchObject({ open, state: 'done', reason: '恶意刷屏', failure: null });
    expect(isOpen()).toBe(open);
  }
  const audited = await stage.query<{ action: string }>(
    `select action from audit_entries where subject_id = '${deliveryId}' order by id`,
  );
  const once = ['comments.switched', 'comments.switch-outcome'];
  expect(audited.map(({ action }) => action)).toEqual([...once, ...once]);
});

test('what the platform did not answer is tried again, and what it refuses is told', async () => {
  await wish(false);
  stage.arm('/cgi-bin/comment/close', { kind: 'lose-answer', accept: false });
  await actOnSwitches(stage.app);
  expect((await look()).last?.state).toBe('acting');
  await stage.query('delete from call_holds');
  await stage.query('update comment_switches set wake_at = now()');
  await actOnSwitches(stage.app);
  expect((await look()).last?.state).toBe('done');
  await wish(true);
  stage.arm('/cgi-bin/comment/open', {
    kind: 'answer',
    body: { errcode: 88000, errmsg: 'without comment privilege' },
  });
  await actOnSwitches(stage.app);
  expect((await look()).last).toMatchObject({
    open: true,
    state: 'failed',
    failure: expect.stringContaining('88000'),
  });
});

test('a post that is not out is refused, and one nobody knows is not found', async () => {
  await stage.query(`update deliveries set state = 'withdrawn' where id = '${deliveryId}'`);
  expect(await wish(true)).toMatchObject({
    status: 409,
    body: { code: 'comments-not-switchable' },
  });
  deliveryId = stage.bureau.id;
  expect((await wish(true)).status).toBe(404);
});
