import { useNavigate } from '@tanstack/react-router';
import { App, Button, DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { listAccounts } from '#shared/accounts.ts';
import { checkRegistration, registerPosts } from '#shared/registrations.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { wallOf } from '../../lib/time.ts';
import { Async, ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { To } from '../../ui/to.tsx';
import { registrationTexts } from './texts.ts';

const format = 'YYYY-MM-DD HH:mm';

export function OnePost() {
  const accounts = useRead(listAccounts, ['accounts'], {});
  return (
    <Async reading={accounts}>
      {(rows) => (
        <PostForm
          accounts={rows.filter(({ state, reaches }) => state !== 'closed' && !reaches.includes('page'))}
        />
      )}
    </Async>
  );
}

type Choice = { id: string; name: string; platformName: { zh: string; en: string } };

function PostForm({ accounts }: { accounts: readonly Choice[] }) {
  const w = useWords(registrationTexts);
  const lang = useLang();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [accountId, setAccountId] = useState(accounts[0]?.id ?? '');
  const [pasted, setPasted] = useState('');
  const [title, setTitle] = useState('');
  const [wall, setWall] = useState(wallOf(new Date()));
  const row = { accountId, pasted, title, publishedWall: wall };
  // The answer is shown while the form is filled in; what is only missing is not called wrong yet.
  const checking = useAction((asked: typeof row) => call(checkRegistration, { body: asked }), {
    topics: ['none'],
  });
  const register = useAction(() => call(registerPosts, { body: { rows: [row] } }), {
    topics: ['deliveries'],
    onDone: ({ ids }) => {
      void message.success(fill(w.registered, { count: 1 }));
      void navigate({ to: '/deliveries/$deliveryId', params: { deliveryId: ids[0] ?? '' } });
    },
  });
  const seen = checking.data;
  const look = () => {
    if (pasted.trim() !== '' && accountId !== '') checking.mutate(row);
  };
  return (
    <div className="narrow-form">
      <Field label={w.account}>
        <Select
          value={accountId}
          onChange={setAccountId}
          data-testid="register-account"
          options={accounts.map((one) => ({
            value: one.id,
            label: `${one.name} · ${one.platformName[lang]}`,
          }))}
        />
      </Field>
      <Field label={w.pasted}>
        <Input.TextArea
          value={pasted}
          maxLength={5_000}
          autoSize={{ minRows: 2, maxRows: 8 }}
          onChange={(event) => setPasted(event.target.value)}
          onBlur={look}
          data-testid="register-pasted"
        />
      </Field>
      {seen?.url ? <p className="quiet">{fill(w.found, { url: seen.url })}</p> : null}
      <Field label={w.postTitle}>
        <Input
          value={title}
          maxLength={120}
          onChange={(event) => setTitle(event.target.value)}
          onBlur={look}
          data-testid="register-title"
        />
      </Field>
      <Field label={w.published}>
        <DatePicker
          showTime={{ format: 'HH:mm' }}
          format={format}
          needConfirm={false}
          allowClear={false}
          value={dayjs(wall, format)}
          onChange={(value) => value && setWall(value.format(format))}
        />
      </Field>
      {seen && title !== '' ? <Problems problems={seen.problems} /> : null}
      {seen?.duplicateOf ? <To href={`/deliveries/${seen.duplicateOf}`}>{w.known}</To> : null}
      {register.error ? <ErrorNotice error={register.error} /> : null}
      <Button
        type="primary"
        disabled={pasted.trim() === '' || title.trim() === '' || accountId === ''}
        loading={register.isPending}
        onClick={() => register.mutate(undefined)}
        data-testid="register-send"
      >
        {w.register}
      </Button>
    </div>
  );
}

function Problems({ problems }: { problems: readonly { zh: string; en: string }[] }) {
  const lang = useLang();
  return (
    <ul className="plain">
      {problems.map((problem) => (
        <li key={problem.zh}>
          <StateMark tone="bad">{problem[lang]}</StateMark>
        </li>
      ))}
    </ul>
  );
}
