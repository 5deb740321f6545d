import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Outcome } from '#connectors/contract.ts';
import type { ArmFault } from '#sandbox/core/faults.ts';
import type { PackagePayload } from '#shared/package.ts';
import { knownIds, stageWechat, type WechatStage } from '#tests/support/wechat-stage.ts';
import { SETTLE_MS } from './limits.ts';
import { check } from './publish.ts';

const SUBMIT = '/cgi-bin/freepublish/submit';
const MINUTE = 60_000;

let stage: WechatStage;
beforeEach(async () => {
  stage = await stageWechat();
});
afterEach(() => stage.stop());

describe('publishing', () => {
  test('submits with one request, is pending, then published with the ids that comments need', async () => {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    stage.calls();
    const submitted = await stage.submit(payload, ids);
    expect(stage.calls()).toEqual([SUBMIT]);
    expect(submitted).toMatchObject({ kind: 'pending', waitingFor: 'platform' });
    const known = knownIds(ids, submitted);
    expect(await check(stage.session, payload, known, stage.session.now())).toMatchObject({
      kind: 'pending',
    });
    stage.advance(MINUTE);
    const found = await check(stage.session, payload, known, stage.session.now());
    expect(found).toMatchObject({ kind: 'published', ids: { msgDataId: known.msgDataId } });
    expect((found as { url: string }).url).toContain('/sandbox/wechat-official/s/');
    expect(stage.ledger('post.published')).toHaveLength(1);
    expect(stage.account().drafts).toEqual({});
  });

  test('reports the platform’s audit as a rejection with a reason', async () => {
    const payload = stage.build({ title: '【审核不通过】退休' });
    const ids = await stage.prepare(payload);
    const known = knownIds(ids, await stage.submit(payload, ids));
    stage.advance(MINUTE);
    const found = await check(stage.session, payload, known, stage.session.now());
    expect(found).toMatchObject({ kind: 'rejected', code: 'publish-status-4' });
    expect(stage.ledger('post.published')).toHaveLength(0);
  });

  test('is told by 48001 that an unverified account may not publish', async () => {
    stage.account().verified = false;
    const payload = stage.build();
    const outcome = await stage.submit(payload, await stage.prepare(payload));
    expect(outcome).toMatchObject({ kind: 'rejected', code: '48001' });
  });

  test('without a token at hand submits nothing, and the next preparation mends it', async () => {
    const payload = stage.build();
    const once = stage.once();
    const ids = await stage.prepare(payload, once);
    stage.advance(3 * 3_600_000);
    stage.calls();
    expect(await stage.submit(payload, ids)).toMatchObject({
      kind: 'retry-later',
      code: 'token-missing',
    });
    expect(stage.calls()).toEqual([]);
    await stage.prepare(payload, once);
    expect(await stage.submit(payload, ids)).toMatchObject({ kind: 'pending' });
  });

  test('after a refused token is sent again only by a new attempt', async () => {
    const payload = stage.build();
    const once = stage.once();
    const ids = await stage.prepare(payload, once);
    for (const token of stage.account().tokens) token.expiresAt = 0;
    stage.calls();
    expect(await stage.submit(payload, ids)).toMatchObject({ kind: 'retry-later', code: '42001' });
    expect(stage.calls()).toEqual([SUBMIT]);
    await stage.prepare(payload, once);
    expect(await stage.submit(payload, ids)).toMatchObject({ kind: 'pending' });
    expect(stage.ledger('publish.accepted')).toHaveLength(1);
  });
});

type Case = { name: string; fault: ArmFault['fault']; kind: Outcome['kind']; accepted: 0 | 1 };

const accepted = { accept: true } as const;
const refused = { accept: false } as const;
const cases: Case[] = [
  {
    name: 'a lost answer after acceptance',
    fault: { kind: 'lose-answer', ...accepted },
    kind: 'unknown',
    accepted: 1,
  },
  {
    name: 'a lost answer before acceptance',
    fault: { kind: 'lose-answer', ...refused },
    kind: 'unknown',
    accepted: 0,
  },
  {
    name: 'a 502 after acceptance',
    fault: { kind: 'status', status: 502, ...accepted },
    kind: 'unknown',
    accepted: 1,
  },
  {
    name: 'a 502 before acceptance',
    fault: { kind: 'status', status: 502, ...refused },
    kind: 'unknown',
    accepted: 0,
  },
  {
    name: 'a 404 from a gateway',
    fault: { kind: 'status', status: 404, ...refused },
    kind: 'unknown',
    accepted: 0,
  },
  {
    name: 'a stall before the headers',
    fault: { kind: 'stall', at: 'headers', ...accepted },
    kind: 'unknown',
    accepted: 1,
  },
  {
    name: 'a stall in the body',
    fault: { kind: 'stall', at: 'body', ...accepted },
    kind: 'unknown',
    accepted: 1,
  },
  { name: 'HTML in a 200', fault: { kind: 'html', ...accepted }, kind: 'unknown', accepted: 1 },
  { name: 'truncated JSON', fault: { kind: 'truncate', ...accepted }, kind: 'unknown', accepted: 1 },
  {
    name: 'an undocumented code',
    fault: { kind: 'answer', body: { errcode: 999_999 }, ...accepted },
    kind: 'unknown',
    accepted: 1,
  },
  {
    name: 'an answer without an id',
    fault: { kind: 'answer', body: { errcode: 0 }, ...accepted },
    kind: 'unknown',
    accepted: 1,
  },
  { name: 'a JSON list', fault: { kind: 'answer', body: [], ...accepted }, kind: 'unknown', accepted: 1 },
  { name: 'a slow answer', fault: { kind: 'slow', ms: 50 }, kind: 'pending', accepted: 1 },
  {
    name: 'busy (-1)',
    fault: { kind: 'answer', body: { errcode: -1, errmsg: 'system error' } },
    kind: 'retry-later',
    accepted: 0,
  },
  {
    name: 'the daily quota',
    fault: { kind: 'answer', body: { errcode: 45009 } },
    kind: 'retry-later',
    accepted: 0,
  },
  {
    name: 'a failed publishing check',
    fault: { kind: 'answer', body: { errcode: 53503 } },
    kind: 'rejected',
    accepted: 0,
  },
  {
    name: 'a frozen account',
    fault: { kind: 'answer', body: { errcode: 50007 } },
    kind: 'sign-in-again',
    accepted: 0,
  },
  {
    name: 'a 429 of a gateway',
    fault: { kind: 'status', status: 429, headers: { 'retry-after': '7' } },
    kind: 'retry-later',
    accepted: 0,
  },
];

describe.each(cases)('submitting into $name', ({ fault, kind, accepted: count }) => {
  test('says what is known, sends one request, and a read-back finds the truth', async () => {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    stage.calls();
    stage.arm(SUBMIT, fault);
    const sentAt = stage.session.now();
    const outcome = await stage.submit(payload, ids);
    expect(outcome.kind).toBe(kind);
    expect(stage.calls()).toEqual([SUBMIT]);
    expect(stage.ledger('publish.accepted')).toHaveLength(count);
    stage.advance(SETTLE_MS);
    if (kind !== 'unknown') return;
    const found = await check(stage.session, payload, ids, sentAt);
    expect(found.kind).toBe(count === 1 ? 'published' : 'absent');
    if (found.kind === 'published') expect(found.ids.msgDataId).toBeTruthy();
  });
});

describe('reading back after a lost answer', () => {
  async function lost(payload: PackagePayload, fault: ArmFault['fault']) {
    const ids = await stage.prepare(payload);
    stage.arm(SUBMIT, fault);
    const sentAt = stage.session.now();
    await stage.submit(payload, ids);
    return { ids, sentAt };
  }

  test('finds the post by the link in its text when the source link was taken out', async () => {
    const payload = stage.build({ sourceUrl: null });
    const { ids, sentAt } = await lost(payload, { kind: 'lose-answer', accept: true });
    stage.advance(SETTLE_MS);
    expect(await check(stage.session, payload, ids, sentAt)).toMatchObject({ kind: 'published' });
  });

  test('does not take a post with a longer link for this one', async () => {
    const payload = stage.build();
    const other = stage.build({ sourceUrl: `${payload.shortLink}x`, shortLink: `${payload.shortLink}x` });
    await stage.submit(
      other,
      await stage.prepare({ ...other, body: { kind: 'html', value: '<p>另一篇</p>' } }),
    );
    const { ids, sentAt } = await lost(payload, { kind: 'lose-answer', accept: false });
    stage.advance(SETTLE_MS);
    expect(await check(stage.session, payload, ids, sentAt)).toEqual({ kind: 'absent' });
  });

  test('reads on past newer posts until the list is older than the submission', async () => {
    const payload = stage.build();
    const { ids, sentAt } = await lost(payload, { kind: 'lose-answer', accept: true });
    stage.advance(MINUTE);
    for (let count = 0; count < 25; count += 1) {
      const later = stage.build();
      await stage.submit(later, await stage.prepare(later));
    }
    stage.advance(MINUTE);
    stage.calls();
    expect(await check(stage.session, payload, ids, sentAt)).toMatchObject({ kind: 'published' });
    expect(stage.calls().filter((path) => path.endsWith('batchget'))).toHaveLength(2);
  });

  test('never says absent when the draft is gone', async () => {
    const payload = stage.build();
    const { ids, sentAt } = await lost(payload, { kind: 'lose-answer', accept: false });
    delete stage.account().drafts[ids.draftId ?? ''];
    stage.advance(SETTLE_MS);
    expect(await check(stage.session, payload, ids, sentAt)).toMatchObject({ kind: 'unknown' });
  });

  test.each(['/cgi-bin/draft/get', '/cgi-bin/freepublish/batchget'])(
    'never says absent when %s fails',
    async (path) => {
      const payload = stage.build();
      const { ids, sentAt } = await lost(payload, { kind: 'lose-answer', accept: false });
      stage.arm(path, { kind: 'status', status: 502 });
      expect(await check(stage.session, payload, ids, sentAt)).toMatchObject({ kind: 'unknown' });
    },
  );

  test.each([
    ['an empty object for the draft', '/cgi-bin/draft/get', {}],
    ['an empty object for the list', '/cgi-bin/freepublish/batchget', {}],
    ['a list that shows nothing of three', '/cgi-bin/freepublish/batchget', { total_count: 3, item: [] }],
    ['a list that is none', '/cgi-bin/freepublish/batchget', { total_count: 0, item: 'x' }],
  ])('never says absent on %s', async (_what, path, body) => {
    const payload = stage.build();
    const { ids, sentAt } = await lost(payload, { kind: 'lose-answer', accept: false });
    stage.arm(path, { kind: 'answer', body });
    expect(await check(stage.session, payload, ids, sentAt)).toMatchObject({ kind: 'unknown' });
  });

  test('a second submission of a draft that is gone is unknown, not refused', async () => {
    const payload = stage.build();
    const { ids } = await lost(payload, { kind: 'lose-answer', accept: true });
    stage.advance(SETTLE_MS);
    expect(await stage.submit(payload, ids)).toMatchObject({ kind: 'unknown' });
    expect(stage.ledger('post.published')).toHaveLength(1);
  });
});
