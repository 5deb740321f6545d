/** The organisation tree of a bureau, as its administrator shapes it. Each change stands in the audit log. */
import type { Actor } from '#server/base/actor.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { insertUnit, lockUnits, type UnitRow, updateUnit } from './store.ts';

export type NewUnit = {
  parentId: string;
  kind: 'section' | 'township' | 'partner';
  name: string;
  shortName: string;
  fields: readonly string[];
};

/** @throws {AppError} input-invalid */
export async function createUnitIn(tx: Tx, actor: Actor, input: NewUnit): Promise<{ id: string }> {
  const units = await lockUnits(tx, actor.bureauId);
  const parent = units.find((unit) => unit.id === input.parentId);
  if (!parent) throw refuse('上级单位不属于本局 / the unit above is not of this bureau');
  refuseSameName(units, parent.id, input.name, null);
  const id = newId();
  refuseFields(units, { id, kind: input.kind }, input.fields);
  const fields = unique(input.fields);
  await insertUnit(tx, {
    bureau_id: actor.bureauId,
    id,
    parent_id: parent.id,
    kind: input.kind,
    level: input.kind === 'township' ? 'township' : 'none',
    name: input.name,
    short_name: input.shortName,
    fields,
    path: `${parent.path}${id}/`,
  });
  const detail = { name: input.name, kind: input.kind, parentId: parent.id, fields };
  await record(tx, actor, 'unit.created', { kind: 'unit', id }, detail);
  return { id };
}

/** @throws {AppError} not-found, input-invalid */
export async function renameUnitIn(
  tx: Tx,
  actor: Actor,
  unitId: string,
  input: { name: string; shortName: string },
): Promise<void> {
  const units = await lockUnits(tx, actor.bureauId);
  const unit = findIn(units, unitId);
  refuseSameName(units, unit.parent_id, input.name, unit.id);
  const before = { name: unit.name, shortName: unit.short_name };
  await updateUnit(tx, actor.bureauId, unit.id, { name: input.name, short_name: input.shortName });
  await record(tx, actor, 'unit.renamed', { kind: 'unit', id: unit.id }, { from: before, to: input });
}

/** New cases follow at once; those that are open stay where they are. @throws {AppError} not-found, input-invalid */
export async function setUnitFieldsIn(
  tx: Tx,
  actor: Actor,
  unitId: string,
  wanted: readonly string[],
): Promise<void> {
  const units = await lockUnits(tx, actor.bureauId);
  const unit = findIn(units, unitId);
  refuseFields(units, unit, wanted);
  const fields = unique(wanted);
  await updateUnit(tx, actor.bureauId, unit.id, { fields });
  await record(
    tx,
    actor,
    'unit.fields-set',
    { kind: 'unit', id: unit.id },
    { from: unit.fields, to: fields },
  );
}

const unique = (fields: readonly string[]) => [...new Set(fields)];
const refuse = (problem: string) => new AppError('input-invalid', { problem });

function findIn(units: readonly UnitRow[], unitId: string): UnitRow {
  const unit = units.find((one) => one.id === unitId);
  if (!unit) throw new AppError('not-found');
  return unit;
}

/** Under one parent a name stands once: people choose a unit by its name. */
function refuseSameName(
  units: readonly UnitRow[],
  parentId: string | null,
  name: string,
  except: string | null,
): void {
  if (units.some((unit) => unit.parent_id === parentId && unit.name === name && unit.id !== except))
    throw refuse(`已有同名单位：${name} / there is a unit of that name: ${name}`);
}

/** A field has one section, or nobody could say where a case goes. */
function refuseFields(
  units: readonly UnitRow[],
  unit: Pick<UnitRow, 'id' | 'kind'>,
  fields: readonly string[],
): void {
  if (fields.length > 0 && unit.kind !== 'section')
    throw refuse('只有科室可以负责业务领域 / only a section answers for business fields');
  for (const field of fields) {
    const other = units.find((one) => one.id !== unit.id && one.fields.includes(field));
    if (other)
      throw refuse(
        `“${field}”现由${other.name}负责，请先在那里去掉 / “${field}” is answered by ${other.name}; take it away there first`,
      );
  }
}
