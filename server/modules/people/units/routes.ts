import { type RouteSet, serve } from '#server/base/http/serve.ts';
import { listUnits } from '#shared/people.ts';
import { createUnit, renameUnit, setUnitFields } from '#shared/units.ts';
import { listUnitsOf } from '../store.ts';
import { createUnitIn, renameUnitIn, setUnitFieldsIn } from './change-units.ts';

const done = { ok: true } as const;

export function unitRoutes(): RouteSet {
  return [
    serve(listUnits, ({ tx, actor }) => listUnitsOf(tx, actor.bureauId)),
    serve(createUnit, ({ tx, actor, body }) => createUnitIn(tx, actor, body)),
    serve(renameUnit, async ({ tx, actor, params, body }) => {
      await renameUnitIn(tx, actor, params.unitId, body);
      return done;
    }),
    serve(setUnitFields, async ({ tx, actor, params, body }) => {
      await setUnitFieldsIn(tx, actor, params.unitId, body.fields);
      return done;
    }),
  ];
}
