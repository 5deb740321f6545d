import { App, Button, Form, Input, Select } from 'antd';
import {
  type Account,
  accountStateLabels,
  listAccounts,
  listPlatforms,
  updateAccount,
} from '#shared/accounts.ts';
import { useParam } from '../../lib/address.ts';
import { call } from '../../lib/call.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { Async, ErrorNotice } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { To } from '../../ui/to.tsx';
import { AccountFigures } from '../figures/account-figures.tsx';
import { QuotaPanel } from '../quotas/quota-lines.tsx';
import { AbilitiesPanel } from './abilities-panel.tsx';
import { AccountActions, AccountFacts } from './account-facts.tsx';
import { AccountStateMark } from './account-state-mark.tsx';
import { filled, PlatformFields } from './platform-fields.tsx';
import { accountTexts } from './texts.ts';

export function AccountScreen() {
  const w = useWords(accountTexts);
  const accountId = useParam('accountId');
  const accounts = useRead(listAccounts, ['accounts'], {});
  return (
    <Async reading={accounts}>
      {(rows) => {
        const account = rows.find((one) => one.id === accountId);
        return account ? (
          <AccountPage account={account} />
        ) : (
          <Page title={w.title}>
            <Empty title={w.missing} action={<To href="/accounts">{w.all}</To>} />
          </Page>
        );
      }}
    </Async>
  );
}

function AccountPage({ account }: { account: Account }) {
  const w = useWords(accountTexts);
  const lang = useLang();
  const manages = useMay('account.manage');
  return (
    <Page
      title={account.name}
      testId="account"
      aside={
        <>
          <AccountStateMark state={account.state} />
          <span className="quiet">
            {account.platformName[lang]} · {account.unitName}
          </span>
        </>
      }
      actions={<AccountActions account={account} />}
    >
      <Section title={w.state}>
        <AccountFacts account={account} />
      </Section>
      <QuotaPanel accountId={account.id} />
      <AccountFigures accountId={account.id} />
      <AbilitiesPanel account={account} />
      {manages ? (
        <Section title={w.settings}>
          <AccountForm account={account} />
        </Section>
      ) : null}
      <To href="/accounts">{w.all}</To>
    </Page>
  );
}

type Values = {
  name: string;
  state: '' | 'active' | 'paused' | 'closed';
  reason?: string;
  setting?: Record<string, string | undefined>;
  secret?: Record<string, string | undefined>;
};

function AccountForm({ account }: { account: Account }) {
  const w = useWords(accountTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const platforms = useRead(listPlatforms, [], {});
  const update = useAction(
    (values: Values) =>
      call(updateAccount, {
        params: { accountId: account.id },
        body: {
          name: values.name,
          state: values.state === '' ? undefined : values.state,
          reason: values.reason ?? '',
          settings: filled(values.setting),
          secrets: filled(values.secret),
        },
      }),
    {
      topics: ['accounts'],
      onDone: () => {
        form.resetFields(['secret', 'state', 'reason']);
        void message.success(w.saved);
      },
    },
  );
  return (
    <Async reading={platforms}>
      {(list) => {
        const platform = list.find((one) => one.id === account.platform);
        return (
          <Form<Values>
            form={form}
            layout="vertical"
            className="narrow-form"
            initialValues={{ name: account.name, state: '', reason: '', setting: account.settings }}
            onFinish={(values) => update.mutate(values)}
          >
            <Form.Item
              name="name"
              label={w.name}
              rules={[{ required: true, whitespace: true, message: w.needed }]}
            >
              <Input maxLength={60} />
            </Form.Item>
            <Form.Item name="state" label={w.state}>
              <Select
                options={[
                  { value: '', label: `${accountStateLabels[account.state][lang]} · ${w.unchanged}` },
                  ...(['active', 'paused', 'closed'] as const)
                    .filter((state) => state !== account.state)
                    .map((state) => ({ value: state, label: accountStateLabels[state][lang] })),
                ]}
              />
            </Form.Item>
            <Form.Item name="reason" label={w.reason}>
              <Input maxLength={200} />
            </Form.Item>
            {platform ? (
              <PlatformFields platform={platform} secretsSet={account.secretsSet} isNew={false} />
            ) : null}
            {update.error ? <ErrorNotice error={update.error} /> : null}
            <Button type="primary" htmlType="submit" loading={update.isPending}>
              {w.save}
            </Button>
          </Form>
        );
      }}
    </Async>
  );
}
