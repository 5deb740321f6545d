import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MenuEntry } from '#connectors/contract.ts';
import { stageWechat, WECHAT_APP_ID, type WechatStage } from '#tests/support/wechat-stage.ts';
import { wechatOfficial } from './connector.ts';

const { menu } = wechatOfficial;
if (!menu) throw new Error('menu');

let stage: WechatStage;
beforeEach(async () => {
  stage = await stageWechat();
});
afterEach(() => stage.stop());

const link = (name: string, url = 'https://rs.example.gov.cn/'): MenuEntry => ({
  ...{ name, target: { kind: 'link', url }, entries: [] },
});
const keyword = (name: string, key = 'HOTLINE'): MenuEntry => ({
  ...{ name, target: { kind: 'keyword', key }, entries: [] },
});
const group = (name: string, entries: MenuEntry[]): MenuEntry => ({ name, target: null, entries });

describe('the menu', () => {
  test('is there as it was put, on the page too, and is removed by an empty one', async () => {
    expect(await menu.get(stage.session)).toEqual({ entries: [] });
    const entries = [keyword('热线'), group('服务', [link('办事大厅'), keyword('社保卡', 'CARD')])];
    expect(await menu.put(stage.session, entries)).toEqual({ kind: 'done' });
    expect(await menu.put(stage.session, entries)).toEqual({ kind: 'done' });
    expect(await menu.get(stage.session)).toEqual({ entries });
    const page = await (
      await fetch(`${stage.sandbox.url}/sandbox/wechat-official/a/${WECHAT_APP_ID}`)
    ).text();
    expect(page).toContain('办事大厅');
    expect(await menu.put(stage.session, [])).toEqual({ kind: 'done' });
    expect(await menu.put(stage.session, [])).toEqual({ kind: 'done' });
    expect(await menu.get(stage.session)).toEqual({ entries: [] });
    expect(stage.ledger('menu.changed').at(-1)?.detail).toEqual({ button: [] });
  });

  test.each<[string, MenuEntry[], string]>([
    ['four entries', ['一', '二', '三', '四'].map((name) => link(name)), '40016'],
    ['a name of more than 16 bytes', [link('六个汉字太长')], '40018'],
    ['a name of blanks', [link('  ')], '40018'],
    [
      'six entries below one',
      [
        group(
          '服务',
          ['1', '2', '3', '4', '5', '6'].map((name) => link(name)),
        ),
      ],
      '40023',
    ],
    ['a third level', [group('服务', [group('社保', [link('查询')])])], '40023'],
    [
      'a name below of more than 60 bytes',
      [group('服务', [link('二十一个汉字的菜单名在二级里也放不下了呀呀')])],
      '40025',
    ],
    ['no target', [group('服务', [])], '40017'],
    ['a keyword of more than 128 bytes', [keyword('热线', 'k'.repeat(129))], '40019'],
    ['an address that is none', [link('办事', 'javascript:alert(1)')], '40055'],
    ['an address of more than 1024 bytes', [link('办事', `https://a.example/${'x'.repeat(1024)}`)], '40020'],
  ])('with %s is refused without a call, in words', async (_name, entries, code) => {
    stage.calls();
    const told = await menu.put(stage.session, entries);
    expect(told).toMatchObject({ failure: { kind: 'rejected', code } });
    expect('failure' in told && told.failure.kind === 'rejected' && told.failure.reason).toContain('请');
    expect(stage.calls()).toEqual([]);
  });

  test('of 16 and 60 bytes exactly is taken by the platform', async () => {
    const entries = [group('一二三四五6', [link('一二三四五六七八九十一二三四五六七八九十')])];
    expect(await menu.put(stage.session, entries)).toEqual({ kind: 'done' });
  });

  test('that shows a kind of entry this program cannot make is not saved over unseen', async () => {
    stage.arm('/cgi-bin/menu/get', {
      kind: 'answer',
      body: {
        menu: { button: [{ type: 'miniprogram', name: '小程序', url: 'https://a.example', appid: 'wx1' }] },
      },
    });
    const told = await menu.get(stage.session);
    expect(told).toEqual({ entries: [{ name: '小程序', target: null, entries: [] }] });
    if ('failure' in told) throw new Error('failure');
    expect(await menu.put(stage.session, told.entries)).toMatchObject({ failure: { code: '40017' } });
  });

  test('that cannot be read is not an empty one', async () => {
    stage.arm('/cgi-bin/menu/get', { kind: 'answer', body: {} });
    expect(await menu.get(stage.session)).toMatchObject({ failure: { kind: 'retry-later' } });
  });
});
