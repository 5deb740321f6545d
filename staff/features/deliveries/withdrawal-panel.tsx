import { App, Button } from 'antd';
import {
  listWithdrawals,
  type Withdrawal,
  type WithdrawalState,
  withdrawArticle,
  withdrawalStateLabels,
  withdrawDelivery,
} from '#shared/withdrawals.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Section } from '../../ui/page.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';
import { To } from '../../ui/to.tsx';
import { deliveryTexts } from './texts.ts';

type Of = { articleId: string } | { deliveryId: string };

/** Takes an article away everywhere, or one post; asks for the reason first. */
export function WithdrawButton({ of }: { of: Of }) {
  const w = useWords(deliveryTexts);
  const { message } = App.useApp();
  const everywhere = 'articleId' in of;
  return (
    <ReasonButton
      label={everywhere ? w.withdrawAll : w.withdraw}
      title={everywhere ? w.withdrawAllTitle : w.withdrawTitle}
      explain={everywhere ? w.withdrawAllHelp : w.withdrawHelp}
      danger
      button={{ danger: true }}
      run={(reason) =>
        'articleId' in of
          ? call(withdrawArticle, { params: of, body: { reason } })
          : call(withdrawDelivery, { params: of, body: { reason } })
      }
      topics={['deliveries', 'articles']}
      onDone={() => void message.success(w.withdrawOrdered)}
      testId="withdraw"
    />
  );
}

const tones = {
  waiting: 'busy',
  calling: 'busy',
  'by-hand': 'warn',
  gone: 'good',
  'never-out': 'quiet',
} as const satisfies Record<WithdrawalState, Tone>;

/** What stands and what is gone, account by account; silent where nothing was ever withdrawn. */
export function WithdrawalPanel({ of }: { of: Of }) {
  const reading = useRead(listWithdrawals, ['deliveries'], { query: of });
  return (
    <>
      {(reading.data?.rows ?? []).map((withdrawal) => (
        <OneWithdrawal key={withdrawal.id} withdrawal={withdrawal} />
      ))}
    </>
  );
}

function OneWithdrawal({ withdrawal }: { withdrawal: Withdrawal }) {
  const w = useWords(deliveryTexts);
  const lang = useLang();
  const standing = withdrawal.targets.filter(({ state }) => !['gone', 'never-out'].includes(state)).length;
  return (
    <Section
      title={w.withdrawal}
      testId="withdrawal"
      aside={
        standing === 0 ? (
          <StateMark tone="good">{w.allGone}</StateMark>
        ) : (
          <StateMark tone="bad">{fill(w.stillStanding, { count: standing })}</StateMark>
        )
      }
    >
      <p>
        {fill(w.withdrawnBy, {
          name: withdrawal.askedByName,
          time: sayMoment(withdrawal.askedAt, lang),
          deadline: sayMoment(withdrawal.deadline, lang),
        })}
      </p>
      <p>{fill(w.withdrawReason, { reason: withdrawal.reason })}</p>
      <ul className="lines">
        {withdrawal.targets.map((target) => (
          <li
            key={target.deliveryId}
            className="line"
            data-testid="withdrawal-target"
            data-state={target.state}
            data-account={target.accountName}
          >
            <div className="line-main">
              <div className="line-title">
                <To href={`/deliveries/${target.deliveryId}`}>{target.accountName}</To>{' '}
                <span className="quiet">{target.platformName[lang]}</span>
              </div>
              <div className="line-note">
                <StateMark tone={tones[target.state]}>{withdrawalStateLabels[target.state][lang]}</StateMark>
                {target.code === 'restored' ? (
                  <span>{w.withdrawHalted}</span>
                ) : target.code ? (
                  <span>{fill(w.platformSaid, { code: target.code })}</span>
                ) : null}
                <span className="number">{sayMoment(target.updatedAt, lang)}</span>
              </div>
            </div>
            {target.state === 'by-hand' && target.task ? (
              <div className="row line-side">
                <Button href={target.task.url} target="_blank" data-testid="withdraw-task">
                  {w.openTaskShort}
                </Button>
              </div>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}
