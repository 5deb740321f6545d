import { Button, Input, Radio } from 'antd';
import { useState } from 'react';
import { listAccounts } from '#shared/accounts.ts';
import { decideDelivery } from '#shared/publishing.ts';
import { call } from '../../lib/call.ts';
import { useKeptText } from '../../lib/kept-text.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay, useMe } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { Section } from '../../ui/page.tsx';
import { To } from '../../ui/to.tsx';
import { AttemptEntry } from './attempt-log.tsx';
import type { DeliveryDetail } from './detail.ts';
import { SentContent } from './sent-content.tsx';
import { deliveryTexts } from './texts.ts';

type Verdict = 'went-out' | 'did-not-resend' | 'did-not-cancel';

/** Everything a person needs to decide, on one screen: what was sent, what was found, where to look. */
export function DecisionPanel({ delivery }: { delivery: DeliveryDetail }) {
  const w = useWords(deliveryTexts);
  const lang = useLang();
  const decides = useMay('delivery.decide');
  const submit = delivery.attemptLog.filter((attempt) => attempt.step === 'submit').at(-1);
  const checks = delivery.attemptLog.filter((attempt) => attempt.step === 'check');
  const sentAt = submit
    ? sayMoment(submit.firstByteAt ?? submit.startedAt, lang)
    : sayMoment(delivery.dueAt, lang);
  return (
    <section className="section decide" data-testid="decision">
      <h2>{w.unknownTitle}</h2>
      <p>{w.unknownHelp}</p>
      <div className="decide-grid">
        <Section title={`${w.sent} · ${w.sentAt} ${sentAt}`}>
          <SentContent payload={delivery.payload} />
        </Section>
        <Section title={w.readBack}>
          {checks.length === 0 ? (
            <p className="quiet">{w.noReadBack}</p>
          ) : (
            checks.map((check) => <AttemptEntry key={`${check.number}${check.startedAt}`} attempt={check} />)
          )}
        </Section>
        <Section title={w.whereToLook}>
          <p>{fill(w.lookHelp, { time: sentAt })}</p>
          <AccountLinks accountId={delivery.accountId} />
        </Section>
        <Section title={w.verdict}>
          {decides ? <VerdictForm deliveryId={delivery.id} /> : <p className="quiet">{w.mayNotDecide}</p>}
        </Section>
      </div>
    </section>
  );
}

/** Addresses that stand among the account's settings lead to it; platform names are not known here. */
function AccountLinks({ accountId }: { accountId: string }) {
  const w = useWords(deliveryTexts);
  const mayRead = useMay('account.read');
  const accounts = useRead(listAccounts, ['accounts'], {}, { enabled: mayRead });
  const account = accounts.data?.find((one) => one.id === accountId);
  const addresses = Object.values(account?.settings ?? {}).filter((value) => /^https?:\/\//.test(value));
  return (
    <ul className="plain">
      {addresses.map((address) => (
        <li key={address}>
          <a href={address} target="_blank" rel="noopener noreferrer">
            {fill(w.openHome, { address })}
          </a>
        </li>
      ))}
      {account ? (
        <li>
          <To href={`/accounts/${accountId}`}>{w.openAccount}</To>
        </li>
      ) : null}
    </ul>
  );
}

function VerdictForm({ deliveryId }: { deliveryId: string }) {
  const w = useWords(deliveryTexts);
  const { personId } = useMe();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [url, setUrl] = useState('');
  const evidence = useKeptText(`decision:${personId}:${deliveryId}`);
  const decide = useAction(
    (choice: Verdict) =>
      call(decideDelivery, {
        params: { deliveryId },
        body: {
          verdict: choice,
          url: choice === 'went-out' ? url.trim() : null,
          evidence: evidence.text.trim(),
        },
      }),
    { topics: ['deliveries'], onDone: evidence.forget },
  );
  const needsLink = verdict === 'went-out';
  const ready =
    verdict !== null &&
    evidence.text.trim().length >= 2 &&
    (!needsLink || /^https?:\/\/\S+\.\S+|^https?:\/\/\S+:\d+/.test(url.trim()));
  const option = (label: string, help: string) => (
    <span>
      {label} <span className="quiet">{help}</span>
    </span>
  );
  return (
    <>
      <Radio.Group
        vertical
        value={verdict}
        onChange={(event) => setVerdict(event.target.value as Verdict)}
        options={[
          { value: 'went-out', label: option(w.wentOut, w.wentOutHelp) },
          { value: 'did-not-resend', label: option(w.resend, w.resendHelp) },
          { value: 'did-not-cancel', label: option(w.giveUp, w.giveUpHelp) },
        ]}
        data-testid="verdict"
      />
      {needsLink ? (
        <Field label={w.linkLabel}>
          <Input
            value={url}
            onChange={(event) => setUrl(event.target.value)}
            inputMode="url"
            data-testid="verdict-url"
          />
        </Field>
      ) : null}
      <Field label={w.evidence}>
        <Input.TextArea
          value={evidence.text}
          maxLength={500}
          autoSize={{ minRows: 2 }}
          placeholder={w.evidenceHint}
          onChange={(event) => evidence.setText(event.target.value)}
          data-testid="verdict-evidence"
        />
      </Field>
      {decide.error ? <ErrorNotice error={decide.error} /> : null}
      <Button
        type="primary"
        disabled={!ready}
        loading={decide.isPending}
        onClick={() => (verdict ? decide.mutate(verdict) : undefined)}
        data-testid="verdict-confirm"
      >
        {w.confirmDecision}
      </Button>
    </>
  );
}
