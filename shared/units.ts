import { z } from 'zod';
import { caseFields } from './inbox.ts';
import { type Text, text } from './lang.ts';
import type { unitKinds } from './people.ts';
import { route } from './route.ts';

export const unitKindLabels = {
  bureau: text('本局', 'Bureau'),
  section: text('科室', 'Section'),
  township: text('乡镇（街道）', 'Township'),
  partner: text('合作单位', 'Partner'),
} as const satisfies Record<(typeof unitKinds)[number], Text>;

/** What an administrator adds; the bureau itself is made by the operator. */
export const newUnitKinds = [
  'section',
  'township',
  'partner',
] as const satisfies readonly (typeof unitKinds)[number][];

const name = z.string().trim().min(1).max(40);
const shortName = z.string().trim().min(1).max(20);
/** What a section answers for; cases of the field are dispatched to it. */
const fields = z.array(z.enum(caseFields)).max(caseFields.length);
const params = z.object({ unitId: z.uuid() });
const done = z.object({ ok: z.literal(true) });

export const createUnit = route({
  method: 'POST',
  path: '/api/units',
  access: 'people.manage',
  summary: 'Add a section, township or partner to the organisation tree.',
  body: z.object({ parentId: z.uuid(), kind: z.enum(newUnitKinds), name, shortName, fields }),
  reply: z.object({ id: z.uuid() }),
});

export const renameUnit = route({
  method: 'PUT',
  path: '/api/units/:unitId/name',
  access: 'people.manage',
  summary: 'Give a unit another name.',
  params,
  body: z.object({ name, shortName }),
  reply: done,
});

export const setUnitFields = route({
  method: 'PUT',
  path: '/api/units/:unitId/fields',
  access: 'people.manage',
  summary: 'Say which business fields a section answers for; new cases of them go to it.',
  params,
  body: z.object({ fields }),
  reply: done,
});
