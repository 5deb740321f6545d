import { Button, Form, Input, Select } from 'antd';
import { caseFields } from '#shared/inbox.ts';
import type { Unit } from '#shared/people.ts';
import { createUnit, newUnitKinds, renameUnit, setUnitFields, unitKindLabels } from '#shared/units.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { unitTexts } from './texts.ts';

type Field = (typeof caseFields)[number];
type Kind = (typeof newUnitKinds)[number];
type Values = { name: string; shortName: string; kind: Kind; parentId: string; fields: Field[] };
type UnitFormProps = { unit: Unit | null; units: readonly Unit[]; onDone: () => void };

/** A new unit, or another name and other fields for one. */
export function UnitForm({ unit, units, onDone }: UnitFormProps) {
  const w = useWords(unitTexts);
  const lang = useLang();
  const [form] = Form.useForm<Values>();
  const kind = Form.useWatch('kind', form);
  const isSection = unit ? unit.kind === 'section' : kind === 'section';
  const save = useAction((values: Values) => (unit ? change(unit, values) : add(values)), {
    topics: [],
    onDone,
  });
  const needed = [{ required: true, whitespace: true, message: w.needed }];
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      initialValues={startFrom(unit, units)}
      onFinish={(values) => save.mutate(values)}
      data-testid="unit-form"
    >
      <Form.Item name="name" label={w.name} rules={needed}>
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
      <Form.Item name="shortName" label={w.shortName} extra={w.shortNameHelp} rules={needed}>
        <Input maxLength={20} autoComplete="off" />
      </Form.Item>
      {unit ? null : (
        <>
          <Form.Item name="kind" label={w.kind}>
            <Select options={newUnitKinds.map((one) => ({ value: one, label: unitKindLabels[one][lang] }))} />
          </Form.Item>
          <Form.Item name="parentId" label={w.parent}>
            <Select options={units.map((one) => ({ value: one.id, label: one.name }))} />
          </Form.Item>
        </>
      )}
      {isSection ? <FieldsItem unit={unit} units={units} /> : null}
      {save.error ? <ErrorNotice error={save.error} /> : null}
      <Button type="primary" htmlType="submit" loading={save.isPending} data-testid="unit-save">
        {unit ? w.save : w.add}
      </Button>
    </Form>
  );
}

/** A field that another section answers for is shown with that section's name and cannot be chosen. */
function FieldsItem({ unit, units }: { unit: Unit | null; units: readonly Unit[] }) {
  const w = useWords(unitTexts);
  const options = caseFields.map((field) => {
    const owner = units.find((one) => one.id !== unit?.id && one.fields.includes(field));
    return {
      value: field,
      label: owner ? fill(w.takenBy, { field, name: owner.name }) : field,
      disabled: owner !== undefined,
    };
  });
  return (
    <Form.Item name="fields" label={w.fields} extra={w.fieldsHelp}>
      <Select mode="multiple" options={options} placeholder={w.noFields} />
    </Form.Item>
  );
}

function startFrom(unit: Unit | null, units: readonly Unit[]): Partial<Values> {
  const bureau = units.find((one) => one.parentId === null);
  if (!unit) return { kind: 'section', fields: [], ...(bureau ? { parentId: bureau.id } : {}) };
  return { name: unit.name, shortName: unit.shortName, fields: unit.fields as Field[] };
}

async function add({ kind, fields, ...values }: Values): Promise<void> {
  await call(createUnit, { body: { ...values, kind, fields: kind === 'section' ? (fields ?? []) : [] } });
}

/** Only what differs is sent, so that the log shows what was really changed. */
async function change(unit: Unit, values: Values): Promise<void> {
  const params = { unitId: unit.id };
  const { name, shortName, fields } = values;
  if (name !== unit.name || shortName !== unit.shortName)
    await call(renameUnit, { params, body: { name, shortName } });
  if (fields && [...fields].sort().join() !== [...unit.fields].sort().join())
    await call(setUnitFields, { params, body: { fields } });
}
