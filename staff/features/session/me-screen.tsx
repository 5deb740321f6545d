import { App, Radio } from 'antd';
import { getMyAccount } from '#shared/my-account.ts';
import { roleLabel } from '#shared/people.ts';
import { fill, setLanguage, useLang, useWords } from '../../lib/language.ts';
import { useMe } from '../../lib/me.ts';
import { useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { FactorPanel } from './factor-panel.tsx';
import { PasswordForm } from './password-form.tsx';
import { SessionsPanel } from './sessions-panel.tsx';
import { accountTexts } from './texts.ts';

/** `/desk/me`: what a person does with their own account. */
export function MeScreen() {
  const w = useWords(accountTexts);
  const lang = useLang();
  const me = useMe();
  const { message } = App.useApp();
  const account = useRead(getMyAccount, [], {});
  return (
    <Page
      title={w.title}
      testId="me"
      aside={
        <span className="quiet">
          {me.name} · {me.login} · {me.unit.name} ·{' '}
          {me.roles.map((role) => roleLabel(role, lang)).join(' · ')}
        </span>
      }
    >
      <Async reading={account}>
        {(mine) => (
          <>
            <FactorPanel account={mine} onChanged={() => void account.refetch()} />
            <Section
              title={w.password}
              aside={
                <span className="quiet">
                  {mine.passwordChosenAt
                    ? fill(w.passwordChosenAt, { time: sayMoment(mine.passwordChosenAt, lang) })
                    : w.passwordIsFirst}
                </span>
              }
            >
              <PasswordForm
                onDone={() => {
                  void message.success(w.passwordChanged);
                  void account.refetch();
                }}
              />
            </Section>
          </>
        )}
      </Async>
      <SessionsPanel />
      <Section title={w.language}>
        <Radio.Group
          aria-label={w.language}
          value={lang}
          onChange={(event) => setLanguage(event.target.value === 'en' ? 'en' : 'zh')}
          options={[
            { value: 'zh', label: w.chinese },
            { value: 'en', label: w.english },
          ]}
        />
      </Section>
    </Page>
  );
}
