import { App, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { createAccount, listPlatforms } from '#shared/accounts.ts';
import { listUnits } from '#shared/people.ts';
import { call } from '../../lib/call.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useMe } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { Async, ErrorNotice } from '../../ui/async.tsx';
import { filled, PlatformFields } from './platform-fields.tsx';
import { accountTexts } from './texts.ts';

type Values = {
  platform: string;
  name: string;
  unitId: string;
  setting?: Record<string, string | undefined>;
  secret?: Record<string, string | undefined>;
};

export function CreateForm({ onDone }: { onDone: () => void }) {
  const w = useWords(accountTexts);
  const lang = useLang();
  const me = useMe();
  const { message } = App.useApp();
  const platforms = useRead(listPlatforms, [], {});
  const units = useRead(listUnits, [], {});
  const [chosen, setChosen] = useState<string | null>(null);
  const create = useAction(
    (values: Values) =>
      call(createAccount, {
        body: {
          platform: values.platform,
          name: values.name,
          unitId: values.unitId,
          settings: filled(values.setting),
          secrets: filled(values.secret),
        },
      }),
    {
      topics: ['accounts'],
      onDone: () => {
        void message.success(w.created);
        onDone();
      },
    },
  );
  return (
    <Async reading={platforms}>
      {(list) => {
        const platform = list.find((one) => one.id === chosen);
        return (
          <Form<Values>
            layout="vertical"
            initialValues={{ unitId: me.bureau.id }}
            onFinish={(values) => create.mutate(values)}
            data-testid="account-form"
          >
            <Form.Item name="platform" label={w.platform} rules={[{ required: true, message: w.needed }]}>
              <Select
                onChange={(value: string) => setChosen(value)}
                options={list.map((one) => ({ value: one.id, label: one.name[lang] }))}
              />
            </Form.Item>
            <Form.Item
              name="name"
              label={w.name}
              rules={[{ required: true, whitespace: true, message: w.needed }]}
            >
              <Input maxLength={60} />
            </Form.Item>
            <Form.Item name="unitId" label={w.unit} rules={[{ required: true, message: w.needed }]}>
              <Select options={(units.data ?? []).map((unit) => ({ value: unit.id, label: unit.name }))} />
            </Form.Item>
            {platform ? <PlatformFields platform={platform} secretsSet={[]} isNew /> : null}
            {create.error ? <ErrorNotice error={create.error} /> : null}
            <Button type="primary" htmlType="submit" loading={create.isPending}>
              {w.add}
            </Button>
          </Form>
        );
      }}
    </Async>
  );
}
