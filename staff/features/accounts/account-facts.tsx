import { App, Button } from 'antd';
import { type Account, beginSignIn, probeAccount } from '#shared/accounts.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { ToButton } from '../../ui/to.tsx';
import { accountTexts, capabilityLabels } from './texts.ts';

/** What the account can do and what stands in its way, in words. */
export function AccountFacts({ account }: { account: Account }) {
  const w = useWords(accountTexts);
  const labels = useWords(capabilityLabels);
  const lang = useLang();
  const manages = useMay('account.manage');
  // Platforms answer with bare numbers; a number alone says nothing to whoever reads it here.
  const { heldReason } = account;
  const heldWords = /^\d+$/.test(heldReason ?? '')
    ? fill(w.heldCode, { code: heldReason ?? '' })
    : (heldReason ?? '');
  return (
    <div className="line-note account-facts">
      <span>
        {w.can}
        {account.capabilities.map((capability) => labels[capability]).join(lang === 'zh' ? '、' : ', ')}
      </span>
      {account.stateReason ? <span>{account.stateReason}</span> : null}
      {account.heldUntil ? (
        <StateMark tone="warn">
          {fill(w.held, { time: sayMoment(account.heldUntil, lang), reason: heldWords })}
        </StateMark>
      ) : null}
      {account.credentialsExpireAt ? (
        <span>{fill(w.expires, { time: sayMoment(account.credentialsExpireAt, lang) })}</span>
      ) : null}
      {account.renews ? (
        <span>
          {account.renewableUntil
            ? fill(w.renewableUntil, { time: sayMoment(account.renewableUntil, lang) })
            : w.renews}
        </span>
      ) : null}
      {account.renewError ? (
        <StateMark tone="warn">{fill(w.renewError, { code: account.renewError })}</StateMark>
      ) : null}
      {endsSoon(account) ? (
        <StateMark tone="warn" testId="grant-ends">
          {fill(w.grantEnds, { time: sayMoment(account.grantEndsAt ?? '', lang) })}
        </StateMark>
      ) : null}
      {account.pushUrl && manages ? (
        <span className="row">
          {w.pushUrl} <code>{account.pushUrl}</code> <CopyButton text={account.pushUrl} />
        </span>
      ) : null}
    </div>
  );
}

const weekMs = 7 * 86_400_000;

const endsSoon = ({ state, grantEndsAt }: Account) =>
  state === 'active' && grantEndsAt !== null && Date.parse(grantEndsAt) - Date.now() < weekMs;

export function AccountActions({ account }: { account: Account }) {
  const w = useWords(accountTexts);
  const { message } = App.useApp();
  const sayError = useSayError();
  const manages = useMay('account.manage');
  const params = { accountId: account.id };
  const signIn = useAction(() => call(beginSignIn, { params }), {
    topics: ['accounts'],
    onDone: ({ authorizeUrl }) => window.location.assign(authorizeUrl),
    onFailed: sayError,
  });
  const probe = useAction(() => call(probeAccount, { params }), {
    topics: ['accounts'],
    onDone: () => void message.info(w.probing),
    onFailed: sayError,
  });
  if (!manages) return null;
  return (
    <>
      {account.abilities.menu === 'unsupported' ? null : (
        <ToButton to={`/accounts/${account.id}/menu`} data-testid="account-menu">
          {w.menu}
        </ToButton>
      )}
      {account.capabilities.includes('sign-in') ? (
        <Button
          type={account.state === 'sign-in-again' || endsSoon(account) ? 'primary' : 'default'}
          loading={signIn.isPending}
          onClick={() => signIn.mutate(undefined)}
          data-testid="account-sign-in"
        >
          {w.signIn}
        </Button>
      ) : null}
      {account.capabilities.includes('probe') ? (
        <Button loading={probe.isPending} onClick={() => probe.mutate(undefined)} data-testid="account-probe">
          {w.probe}
        </Button>
      ) : null}
    </>
  );
}
