import { Button, Form, Input, Select } from 'antd';
import { createPerson, listUnits, type Role, roleLabel, roles } from '#shared/people.ts';
import { call } from '../../lib/call.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useMe } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { peopleTexts } from './texts.ts';

export type NewPerson = { name: string; password: string };
type Values = { login: string; name: string; unitId: string; role: Role };

export function PersonForm({ onDone }: { onDone: (person: NewPerson) => void }) {
  const w = useWords(peopleTexts);
  const lang = useLang();
  const me = useMe();
  const units = useRead(listUnits, [], {});
  const create = useAction(
    async (values: Values): Promise<NewPerson> => {
      const made = await call(createPerson, { body: values });
      return { name: values.name, password: made.firstPassword };
    },
    { topics: [], onDone },
  );
  const needed = [{ required: true, message: w.needed }];
  return (
    <Form<Values>
      layout="vertical"
      initialValues={{ unitId: me.bureau.id, role: 'editor' }}
      onFinish={(values) => create.mutate(values)}
      data-testid="person-form"
    >
      <Form.Item name="name" label={w.name} rules={[{ required: true, whitespace: true, message: w.needed }]}>
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="login"
        label={w.login}
        extra={w.loginHelp}
        rules={[...needed, { pattern: /^[a-z][a-z0-9.-]{1,31}$/, message: w.loginHelp }]}
      >
        <Input autoComplete="off" autoCapitalize="none" />
      </Form.Item>
      <Form.Item name="unitId" label={w.unit} rules={needed}>
        <Select options={(units.data ?? []).map((unit) => ({ value: unit.id, label: unit.name }))} />
      </Form.Item>
      <Form.Item name="role" label={w.role} rules={needed}>
        <Select options={roles.map((role) => ({ value: role, label: roleLabel(role, lang) }))} />
      </Form.Item>
      {create.error ? <ErrorNotice error={create.error} /> : null}
      <Button type="primary" htmlType="submit" loading={create.isPending}>
        {w.add}
      </Button>
    </Form>
  );
}
