import type { Reach } from '#shared/package.ts';
import { reachNames } from '#shared/publishing.ts';
import { type AccountQuota, type LimitLeft, listQuotas, type ReachLeft } from '#shared/quotas.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useRead } from '../../lib/query.ts';
import { sayLength, sayMoment } from '../../lib/time.ts';
import { Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { quotaTexts } from './texts.ts';

function useQuota(accountId: string): AccountQuota | undefined {
  const reads = useMay('delivery.read');
  const reading = useRead(listQuotas, ['deliveries', 'accounts'], {}, { enabled: reads });
  return reading.data?.rows.find((row) => row.accountId === accountId);
}

/** Beside a post that is not out yet: what its reach may still be used for, and posts; calls only when none is left. */
export function QuotaNote({ accountId, reach }: { accountId: string; reach: Reach }) {
  const quota = useQuota(accountId);
  if (!quota) return null;
  return (
    <>
      {quota.reaches
        .filter((one) => one.reach === reach)
        .map((one) => (
          <ReachLine key={one.reach} left={one} />
        ))}
      {quota.limits
        .filter(({ counts, left }) => counts === 'posts' || left === 0)
        .map((limit) => (
          <LimitLine key={`${limit.counts} ${limit.windowMs}`} limit={limit} />
        ))}
    </>
  );
}

/** All of an account; silent where its platform names no limit. */
export function QuotaPanel({ accountId }: { accountId: string }) {
  const w = useWords(quotaTexts);
  const quota = useQuota(accountId);
  if (!quota) return null;
  return (
    <Section title={w.title} testId="account-quota">
      <div>
        {quota.reaches.map((one) => (
          <p key={one.reach}>
            <ReachLine left={one} />
          </p>
        ))}
        {quota.limits.map((limit) => (
          <p key={`${limit.counts} ${limit.windowMs}`}>
            <LimitLine limit={limit} />
          </p>
        ))}
      </div>
      {quota.reaches.length > 0 ? <p className="quiet">{w.elsewhere}</p> : null}
    </Section>
  );
}

function ReachLine({ left }: { left: ReachLeft }) {
  const w = useWords(quotaTexts);
  const lang = useLang();
  const values = { ...left, reach: reachNames[left.reach][lang] };
  const words = `${fill(w[`reach_${left.per}`], values)}${left.planned > 0 ? fill(w.planned, values) : ''}`;
  return <Line words={words} testId="quota-reach" isLow={left.used + left.planned >= left.most} />;
}

function LimitLine({ limit }: { limit: LimitLeft }) {
  const w = useWords(quotaTexts);
  const lang = useLang();
  const window = sayLength(limit.windowMs / 1000, lang);
  const words = fill(w[limit.counts], { window, most: limit.most, left: limit.left });
  const free = limit.freeAt ? fill(w.freeAt, { time: sayMoment(limit.freeAt, lang) }) : '';
  return <Line words={`${words}${free}`} testId={`quota-${limit.counts}`} isLow={limit.left === 0} />;
}

function Line({ words, testId, isLow }: { words: string; testId: string; isLow: boolean }) {
  return isLow ? (
    <StateMark tone="warn" testId={testId}>
      {words}
    </StateMark>
  ) : (
    <span className="number" data-testid={testId}>
      {words}
    </span>
  );
}
