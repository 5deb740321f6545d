import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeComment } from '#sandbox/wordpress/comments.ts';
import { postById } from '#sandbox/wordpress/state.ts';
import { stageWordpress, type WordpressStage } from '#tests/support/wordpress-stage.ts';
import type { PlatformIds } from '../contract.ts';
import { wordpress } from './connector.ts';

const { withdraw, metrics, moderation, comments, probe, publish } = wordpress;
if (
  !withdraw ||
  !metrics?.account ||
  !moderation ||
  !comments?.setOpen ||
  !probe ||
  publish.kind !== 'remote'
) {
  throw new Error('capabilities');
}
const { account: askAccount } = metrics;
const { setOpen } = comments;
const remote = publish;

let stage: WordpressStage;
beforeEach(async () => {
  stage = await stageWordpress();
});
afterEach(() => stage.stop());

async function publishOne(): Promise<PlatformIds> {
  const payload = stage.build();
  const prepared = await remote.prepare(stage.session, payload, stage.media, stage.once());
  if (prepared.kind !== 'prepared') throw new Error(prepared.kind);
  const outcome = await remote.submit(stage.session, payload, prepared.ids, stage.media);
  if (outcome.kind !== 'published') throw new Error(outcome.kind);
  return { ...prepared.ids, ...outcome.ids };
}

const postOf = ({ postId }: PlatformIds) => postById(stage.sandbox.world, Number(postId))!;

test('a post is hidden as a draft, and readers find nothing there', async () => {
  const ids = await publishOne();
  expect(await withdraw.withdraw(stage.session, ids)).toEqual({ kind: 'withdrawn' });
  expect(postOf(ids).status).toBe('draft');
  const home = await (await fetch(`${stage.sandbox.url}/sandbox/wordpress/`)).text();
  expect(home).not.toContain(postOf(ids).title);
});

test('a post that lies in the trash stays there', async () => {
  const ids = await publishOne();
  postOf(ids).status = 'trash';
  expect(await withdraw.withdraw(stage.session, ids)).toEqual({ kind: 'withdrawn' });
  expect(postOf(ids).status).toBe('trash');
});

test('a user who may not edit it leaves it to a person', async () => {
  const ids = await publishOne();
  stage.arm('POST /wp/v2/posts/', {
    ...{ kind: 'status', status: 403 },
    body: { code: 'rest_cannot_edit', message: 'no', data: { status: 403 } },
  });
  expect(await withdraw.withdraw(stage.session, ids)).toEqual({ kind: 'by-hand', code: 'rest_cannot_edit' });
  expect(postOf(ids).status).toBe('publish');
});

test('comments are counted; of a hidden post none are, which is not zero', async () => {
  const ids = await publishOne();
  writeComment(stage.sandbox.world, postOf(ids), { nickname: '老李', content: '几点下班？' });
  const asked = [{ key: 'a', ids, publishedAt: stage.session.now() }];
  expect(await metrics.posts(stage.session, asked)).toMatchObject({ figures: [{ totals: { comments: 1 } }] });
  expect(await askAccount(stage.session)).toMatchObject({ totals: { posts: 1 } });
  postOf(ids).status = 'draft';
  expect(await metrics.posts(stage.session, asked)).toEqual({ figures: [] });
});

test('a comment is held, approved and put into the trash, and commenting is closed', async () => {
  const ids = await publishOne();
  const { id } = writeComment(stage.sandbox.world, postOf(ids), { nickname: '老李', content: '几点下班？' });
  const listed = async () => {
    const told = await comments.list(stage.session, ids);
    return 'comments' in told ? told.comments.map(({ text }) => text) : [];
  };
  const act = (action: 'elect' | 'unelect' | 'delete') =>
    moderation.act(stage.session, ids, String(id), action);
  expect(await act('unelect')).toEqual({ kind: 'done' });
  expect(await listed()).toEqual([]);
  expect(await act('elect')).toEqual({ kind: 'done' });
  expect(await listed()).toEqual(['几点下班？']);
  for (let time = 0; time < 2; time += 1) expect(await act('delete')).toEqual({ kind: 'done' });
  expect(await listed()).toEqual([]);
  expect(await moderation.act(stage.session, ids, '../posts/1', 'delete')).toMatchObject({
    code: 'comment-id',
  });
  expect(await setOpen(stage.session, ids, false)).toEqual({ kind: 'done' });
  expect(postOf(ids).commentsOpen).toBe(false);
});

test('grants follow the capabilities of the user', async () => {
  expect(await probe.probe(stage.session)).toMatchObject({
    grants: {
      ...{ publish: 'granted', withdraw: 'granted', moderation: 'granted' },
      'comment-switch': 'granted',
    },
  });
  stage.user().role = 'author';
  expect(await probe.probe(stage.session)).toMatchObject({
    grants: { publish: 'granted', moderation: 'needs-application' },
  });
});
