import { App, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { createNoticeChannel, type RobotKind } from '#shared/notice-channels.ts';
import { type NoticeKind, noticeKindLabels, noticeKinds } from '#shared/notices.ts';
import { call } from '../../lib/call.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { noticeTexts } from './texts.ts';

type Values = { robot: string; name: string; address: string; secret?: string; kinds: NoticeKind[] };

/** What a group wants to know without asking; the rest is for the person concerned. */
const usual: NoticeKind[] = [
  ...(['case-alarm', 'review-waiting', 'case-deadline-near', 'case-overdue', 'case-escalated'] as const),
  ...(['delivery-unknown', 'delivery-failed', 'delivery-at-risk'] as const),
  ...(['delivery-after-end', 'grant-expiring', 'grant-ended'] as const),
];

export function RobotForm({ robots, onDone }: { robots: readonly RobotKind[]; onDone: () => void }) {
  const w = useWords(noticeTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const [chosen, setChosen] = useState(robots[0]?.id ?? '');
  const robot = robots.find((one) => one.id === chosen);
  const create = useAction((values: Values) => call(createNoticeChannel, { body: values }), {
    topics: ['notices'],
    onDone: () => {
      void message.success(w.added);
      onDone();
    },
  });
  const needed = [{ required: true, message: w.needed }];
  return (
    <Form<Values>
      layout="vertical"
      initialValues={{ robot: chosen, kinds: usual }}
      onFinish={(values) => create.mutate(values)}
      data-testid="robot-form"
    >
      <Form.Item name="robot" label={w.robot} extra={robot?.help[lang]}>
        <Select
          onChange={(value: string) => setChosen(value)}
          options={robots.map((one) => ({ value: one.id, label: one.name[lang] }))}
        />
      </Form.Item>
      <Form.Item name="name" label={w.name} rules={[{ required: true, whitespace: true, message: w.needed }]}>
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
      <Form.Item name="address" label={w.address} rules={needed}>
        <Input maxLength={500} autoComplete="off" spellCheck={false} />
      </Form.Item>
      {robot?.signed ? (
        <Form.Item name="secret" label={w.secret} rules={needed}>
          <Input.Password maxLength={200} autoComplete="off" visibilityToggle={false} />
        </Form.Item>
      ) : null}
      <Form.Item name="kinds" label={w.kinds} rules={needed}>
        <Select
          mode="multiple"
          options={noticeKinds
            .filter((kind) => kind !== 'channel-test')
            .map((kind) => ({ value: kind, label: noticeKindLabels[kind][lang] }))}
        />
      </Form.Item>
      {create.error ? <ErrorNotice error={create.error} /> : null}
      <Button type="primary" htmlType="submit" loading={create.isPending}>
        {w.addRobot}
      </Button>
    </Form>
  );
}
