import { useSearch } from '@tanstack/react-router';
import { Alert, Button, Drawer } from 'antd';
import { useState } from 'react';
import { listAccounts } from '#shared/accounts.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useRead } from '../../lib/query.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Page } from '../../ui/page.tsx';
import { To, ToButton } from '../../ui/to.tsx';
import { AccountFacts } from './account-facts.tsx';
import { AccountStateMark } from './account-state-mark.tsx';
import { CreateForm } from './create-form.tsx';
import { accountTexts } from './texts.ts';

/** The way back from a platform's sign-in page ends here; the address says how it went. */
function GrantNotice() {
  const w = useWords(accountTexts);
  const { granted } = useSearch({ strict: false }) as { granted?: unknown };
  if (granted === undefined) return null;
  const good = String(granted) === '1';
  return (
    <Alert
      type={good ? 'success' : 'warning'}
      showIcon
      closable
      title={good ? w.granted : w.notGranted}
      data-testid="grant-notice"
    />
  );
}

export function AccountListScreen() {
  const w = useWords(accountTexts);
  const lang = useLang();
  const manages = useMay('account.manage');
  const [adding, setAdding] = useState(false);
  const accounts = useRead(listAccounts, ['accounts'], {});
  return (
    <Page
      title={w.title}
      actions={
        manages ? (
          <Button type="primary" onClick={() => setAdding(true)} data-testid="account-add">
            {w.add}
          </Button>
        ) : null
      }
    >
      <GrantNotice />
      <p>
        <To href="/accounts/matrix" testId="matrix-link">
          {w.matrix}
        </To>
      </p>
      <Async reading={accounts}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={w.emptyTitle}>{manages ? w.emptyHelp : null}</Empty>
          ) : (
            <ul className="lines">
              {rows.map((account) => (
                <li
                  key={account.id}
                  className="line line-wrap"
                  data-testid="account-row"
                  data-platform={account.platform}
                >
                  <div className="line-main">
                    <div className="line-title">
                      <strong>{account.name}</strong>{' '}
                      <span className="quiet">
                        {account.platformName[lang]} · {account.unitName}
                      </span>{' '}
                      <AccountStateMark state={account.state} />
                    </div>
                    <AccountFacts account={account} />
                  </div>
                  <ToButton to={`/accounts/${account.id}`}>{manages ? w.settings : w.open}</ToButton>
                </li>
              ))}
            </ul>
          )
        }
      </Async>
      <Drawer open={adding} onClose={() => setAdding(false)} title={w.add} size={480} destroyOnHidden>
        <CreateForm onDone={() => setAdding(false)} />
      </Drawer>
    </Page>
  );
}
