import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { caseFields } from '#shared/inbox.ts';
import { getMe, listUnits } from '#shared/people.ts';
import { listAudit } from '#shared/system.ts';
import { createUnit, renameUnit, setUnitFields } from '#shared/units.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { type Client, createClient } from '#tests/support/client.ts';

let installation: TestInstallation;
let administrator: Client;
let bureauId: string;
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  administrator = await installation.as('guanli');
  bureauId = (await administrator.call(getMe, {})).bureau.id;
});
afterAll(() => installation?.close());

const section = (name: string, fields: (typeof caseFields)[number][] = [], parentId = bureauId) => ({
  body: { parentId, kind: 'section' as const, name, shortName: name, fields },
});
const findUnit = async (name: string) =>
  (await administrator.call(listUnits, {})).find((unit) => unit.name === name)!;

describe('who may', () => {
  test('nobody without signing in, and only an administrator', async () => {
    const nobody = createClient(installation.url, '');
    const editor = await installation.as('bianji');
    const { id: unitId } = await findUnit('办公室');
    const name = { params: { unitId }, body: { name: '甲', shortName: '甲' } };
    const fields = { params: { unitId }, body: { fields: [] } };
    for (const [client, status] of [[nobody, 401] as const, [editor, 403] as const]) {
      expect((await client.try(createUnit, section('甲'))).status).toBe(status);
      expect((await client.try(renameUnit, name)).status).toBe(status);
      expect((await client.try(setUnitFields, fields)).status).toBe(status);
    }
  });

  test('the neighbouring bureau’s administrator neither finds our units nor grows our tree', async () => {
    const neighbour = await installation.as('st.guanli');
    const { id: unitId } = await findUnit('办公室');
    const renamed = await neighbour.try(renameUnit, {
      params: { unitId },
      body: { name: '抢来的', shortName: '抢' },
    });
    expect(renamed.status).toBe(404);
    expect((await neighbour.try(setUnitFields, { params: { unitId }, body: { fields: [] } })).status).toBe(
      404,
    );
    expect((await neighbour.try(createUnit, section('外来', [], bureauId))).error?.code).toBe(
      'input-invalid',
    );
    expect(await findUnit('办公室')).toMatchObject({ id: unitId, fields: ['考试', '非本部门职责'] });
  });
});

describe('a unit', () => {
  test('is added below another and stands in the tree', async () => {
    const { id } = await administrator.call(createUnit, {
      body: { parentId: bureauId, kind: 'township', name: '青石镇', shortName: '青石', fields: [] },
    });
    const below = await administrator.call(createUnit, section('窗口', [], id));
    const units = await administrator.call(listUnits, {});
    expect(units.find((unit) => unit.id === below.id)).toMatchObject({ parentId: id, name: '窗口' });
    const order = units.map((unit) => unit.id);
    expect(order.indexOf(below.id)).toBe(order.indexOf(id) + 1);
    const { rows } = await installation.app.database.withWorker(async (tx) => ({
      rows: await tx
        .selectFrom('units')
        .select(['path', 'level'])
        .where('id', 'in', [id, below.id])
        .execute(),
    }));
    expect(rows).toContainEqual({ path: `/${bureauId}/${id}/`, level: 'township' });
    expect(rows).toContainEqual({ path: `/${bureauId}/${id}/${below.id}/`, level: 'none' });
  });

  test('has a name of its own under its parent; elsewhere the name may stand again', async () => {
    const first = await administrator.call(createUnit, section('调解股'));
    const twice = await administrator.try(createUnit, section('调解股'));
    expect([twice.status, twice.error?.code]).toEqual([400, 'input-invalid']);
    const { id: parentId } = await findUnit('柳河镇人社服务站');
    expect((await administrator.try(createUnit, section('调解股', [], parentId))).status).toBe(200);
    const body = { name: '办公室', shortName: '办' };
    expect((await administrator.try(renameUnit, { params: { unitId: first.id }, body })).status).toBe(400);
  });

  test('is renamed, itself and its short name', async () => {
    const { id: unitId } = await administrator.call(createUnit, section('旧名'));
    await administrator.call(renameUnit, { params: { unitId }, body: { name: '新名', shortName: '新' } });
    expect(await findUnit('新名')).toMatchObject({ id: unitId, shortName: '新' });
    // The same name again is no clash with itself.
    await administrator.call(renameUnit, { params: { unitId }, body: { name: '新名', shortName: '新新' } });
  });

  test('whose name was sent twice at the same moment is there once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => administrator.try(createUnit, section('并发股'))),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    const units = await administrator.call(listUnits, {});
    expect(units.filter((unit) => unit.name === '并发股')).toHaveLength(1);
  });

  test('leaves each change in the audit log, with what it was before', async () => {
    const { id: unitId } = await administrator.call(createUnit, section('记录股'));
    await administrator.call(renameUnit, { params: { unitId }, body: { name: '留痕股', shortName: '留痕' } });
    await administrator.call(setUnitFields, { params: { unitId }, body: { fields: [] } });
    const { rows } = await administrator.call(listAudit, {
      query: { subjectKind: 'unit', subjectId: unitId },
    });
    expect(rows.map((row) => row.action)).toEqual(['unit.fields-set', 'unit.renamed', 'unit.created']);
    expect(rows[1]?.detail).toMatchObject({ from: { name: '记录股' }, to: { name: '留痕股' } });
    expect(rows.every((row) => row.actorName === '何伟')).toBe(true);
  });
});

describe('business fields', () => {
  test('have one section each: a second must wait until the first gives the field up', async () => {
    const { id: unitId } = await administrator.call(createUnit, section('社保卡服务股'));
    const take = () => administrator.try(setUnitFields, { params: { unitId }, body: { fields: ['社保卡'] } });
    const refused = await take();
    expect(refused.error?.code).toBe('input-invalid');
    expect(refused.error?.message.zh).toContain('社会保险股');
    const insurance = await findUnit('社会保险股');
    await administrator.call(setUnitFields, {
      params: { unitId: insurance.id },
      body: { fields: ['社会保险'] },
    });
    expect((await take()).status).toBe(200);
    expect(await findUnit('社保卡服务股')).toMatchObject({ fields: ['社保卡'] });
  });

  test('asked for twice at the same moment go to one section', async () => {
    const { id: office } = await findUnit('办公室');
    await administrator.call(setUnitFields, { params: { unitId: office }, body: { fields: [] } });
    const made = await Promise.all(
      ['一股', '二股', '三股'].map((name) => administrator.call(createUnit, section(name))),
    );
    const answers = await Promise.all(
      made.map(({ id: unitId }) =>
        administrator.try(setUnitFields, { params: { unitId }, body: { fields: ['考试'] } }),
      ),
    );
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 400, 400]);
  });

  test('are of the list, and only a section has any', async () => {
    const { id: unitId } = await findUnit('柳河镇人社服务站');
    const township = await administrator.try(setUnitFields, {
      params: { unitId },
      body: { fields: ['培训'] },
    });
    expect(township.error?.message.zh).toContain('只有科室');
    const unknown = await administrator.try(setUnitFields, {
      params: { unitId },
      body: { fields: ['天气' as '培训'] },
    });
    expect(unknown.status).toBe(400);
    expect((await administrator.try(createUnit, section('x', [], randomUUID()))).status).toBe(400);
  });
});
