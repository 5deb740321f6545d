import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { handleErrors } from '#server/base/http/errors.ts';
import { registerRoutes } from '#server/base/http/register.ts';
import { newId } from '#server/base/ids.ts';
import type { Service } from '#shared/services.ts';
import { buildActor, buildApp, type TestApp } from '#tests/support/build-app.ts';
import { serviceRoutes } from './index.ts';

let ground: TestApp;
let server: FastifyInstance;
beforeAll(async () => {
  ground = await buildApp();
  const agent: Actor = { ...(await buildActor(ground.app, 'liuyan')), roles: ['agent'] };
  server = Fastify({ logger: false });
  handleErrors(server);
  registerRoutes(server, ground.app, serviceRoutes(), async () => agent);
});
afterAll(async () => {
  await server?.close();
  await ground?.close();
});

async function ask(method: 'GET' | 'POST' | 'PUT', url: string, body?: Record<string, unknown>) {
  const reply = await server.inject({
    ...{ method, url, headers: method === 'GET' ? {} : { 'idempotency-key': newId() } },
    ...(body ? { payload: body } : {}),
  });
  return { status: reply.statusCode, body: reply.json() as Record<string, unknown> };
}

test('a service is added, changed once a revision, retired and offered again', async () => {
  const content = { name: '社保卡补办', phone: '12333' };
  const { serviceId } = (await ask('POST', '/api/services', content)).body;
  const change = { baseRevision: 1, content: { ...content, place: '社保卡服务网点' } };
  expect(await ask('PUT', `/api/services/${serviceId}`, change)).toMatchObject({ body: { revision: 2 } });
  expect(await ask('PUT', `/api/services/${serviceId}`, change)).toMatchObject({ status: 409 });
  const move = (state: string) => ask('POST', `/api/services/${serviceId}/state`, { state });
  expect(await move('retired')).toMatchObject({ status: 200 });
  expect(await move('retired')).toMatchObject({ status: 409 });
  expect(await move('offered')).toMatchObject({ status: 200 });
  const { rows } = (await ask('GET', '/api/services')).body as { rows: Service[] };
  expect(rows).toMatchObject([{ id: serviceId, place: '社保卡服务网点', state: 'offered', revision: 4 }]);
});
