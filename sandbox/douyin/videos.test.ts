import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../start.ts';
import { setUpAccount } from './set-up.ts';
import { stateOf } from './state.ts';

const OPEN_ID = 'ba253642-0590-40bc-9bdf-9a1334b94059';
const API = '/api/douyin/v1/video';
type Data = Record<string, unknown> & { video?: { video_id: string } };
let sandbox: Sandbox;
let token = '';

beforeEach(async () => {
  sandbox = await startSandbox();
  setUpAccount(sandbox.world, OPEN_ID, {
    ...{ clientKey: 'ck', clientSecret: 'SECRET', name: '青川人社', refreshToken: 'rft.first' },
    push: { url: 'http://127.0.0.1:9/hooks' },
  });
  const answer = await post('/oauth/refresh_token/', {
    ...{ client_key: 'ck', grant_type: 'refresh_token', refresh_token: 'rft.first' },
  });
  token = String(answer.access_token);
});
afterEach(() => sandbox.stop());

/** @returns `data`, with the code whatever envelope it came in */
async function post(path: string, body: object | FormData, query = {}): Promise<Data & { code: number }> {
  const url = `${sandbox.url}/sandbox/douyin${path}?${new URLSearchParams({ open_id: OPEN_ID, ...query })}`;
  const isForm = body instanceof FormData;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'access-token': token, ...(isForm ? {} : { 'content-type': 'application/json' }) },
    body: isForm ? body : JSON.stringify(body),
  });
  const json = (await response.json()) as { data: Data; err_no?: number };
  return { ...json.data, code: Number(json.err_no ?? json.data.error_code) };
}

const formOf = (bytes: number) => {
  const form = new FormData();
  form.set('video', new Blob([Buffer.alloc(bytes, 1)], { type: 'video/mp4' }), 'a.mp4');
  return form;
};
const MB = 1024 * 1024;

describe('videos', () => {
  test('make one work each', async () => {
    const { video } = await post(`${API}/upload_video/`, formOf(100));
    const create = () => post(`${API}/create_video/`, { video_id: video?.video_id, text: '讲解' });
    expect((await create()).code).toBe(0);
    expect((await create()).code).toBe(28001007);
    expect(sandbox.world.ledger.list({ kind: 'publish.accepted' })).toHaveLength(1);
  });

  test('in parts want every part, each of five megabytes, within two hours', async () => {
    const { upload_id } = await post(`${API}/init_video_part_upload/`, {});
    const part = (part_number: number, bytes: number) =>
      post(`${API}/upload_video_part/`, formOf(bytes), { upload_id, part_number });
    const complete = () => post(`${API}/complete_video_part_upload/`, {}, { upload_id });
    expect((await part(1, 100)).code).toBe(2100005);
    expect((await part(0, 5 * MB)).code).toBe(2100005);
    expect((await part(2, 5 * MB)).code).toBe(0);
    expect((await complete()).code).toBe(28001007);
    expect((await part(1, 5 * MB)).code).toBe(0);
    const { video } = await complete();
    expect(stateOf(sandbox.world).accounts[OPEN_ID]?.videos[video?.video_id ?? '']?.bytes).toBe(10 * MB);
    const late = await post(`${API}/init_video_part_upload/`, {});
    sandbox.world.clock.advance(2 * 3_600_000);
    const query = { upload_id: late.upload_id, part_number: 1 };
    expect((await post(`${API}/upload_video_part/`, formOf(5 * MB), query)).code).toBe(28001007);
  });
});

test('a short link of a QR code opens the app, and what a person posts is told with the share’s id', async () => {
  const given = { client_key: 'ck', client_secret: 'SECRET', grant_type: 'client_credential' };
  token = String((await post('/oauth/client_token/', given)).access_token);
  const page = `${sandbox.url}/sandbox/douyin`;
  const headers = { 'access-token': token };
  const ticket = (await (await fetch(`${page}/open/getticket/`, { headers })).json()) as {
    data: { ticket: string };
  };
  const { share_id } = await post('/share-id/', {}, { need_callback: 'true' });
  const ask = (expire_at: number, client_ticket = ticket.data.ticket) =>
    post('/api/douyin/v1/schema/get_share/', {
      ...{ client_ticket, expire_at, state: share_id, title: '退休一件事' },
      video_path: 'https://rs.example.gov.cn/m/1.mp4',
    });
  const soon = Math.floor(sandbox.world.clock.now() / 1000) + 600;
  expect((await ask(soon, 'other')).code).toBe(2100005);
  expect((await ask(1)).code).toBe(2100005);
  const { schema } = await ask(soon);
  const scan = (text: unknown) => fetch(`${page}/scan?${new URLSearchParams({ schema: String(text) })}`);
  expect(await (await scan(schema)).text()).toContain('退休一件事');
  const body = new URLSearchParams({ schema: String(schema), openId: OPEN_ID });
  expect((await fetch(`${page}/scan`, { method: 'POST', body, redirect: 'manual' })).status).toBe(303);
  const [pushed] = sandbox.world.pushes.list('douyin');
  expect(JSON.parse(pushed?.http.body ?? '')).toMatchObject({ event: 'create_video', content: { share_id } });
  sandbox.world.clock.advance(3_600_000);
  expect(await (await scan(schema)).text()).toContain('链接已过期');
});
