import type { Target, VariantView } from '#shared/content.ts';
import { reachLabels } from '#shared/publishing.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { ProblemList } from '../../ui/problem-list.tsx';
import { SafeFrame, withHead } from '../../ui/safe-frame.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Differs, OwnWording } from './own-wording.tsx';
import { PostPreview } from './post-preview.tsx';
import { variantTexts } from './texts.ts';

type VariantCardProps = { variant: VariantView; target: Target | null; onTarget: (target: Target) => void };

/** Where a finding of one account leads. */
export const variantPlace = (accountId: string): string => `variant-${accountId}`;

export function VariantCard({ variant, target, onTarget }: VariantCardProps) {
  const w = useWords(variantTexts);
  const lang = useLang();
  // What holds for every account stands in the list beside the text.
  const problems = variant.problems.filter((problem) => problem.accountId !== null);
  const isText = variant.content.body.kind === 'text';
  return (
    <article
      id={variantPlace(variant.accountId)}
      className="variant"
      data-testid="variant"
      data-platform={variant.platform}
      data-account={variant.accountName}
    >
      <header>
        <h3>{variant.accountName}</h3>
        <p className="quiet">
          {variant.platformName[lang]} · {reachLabels[variant.reach][lang]}
        </p>
        <Counts variant={variant} />
        {variant.topics.length > 0 ? (
          <p className="quiet tight" data-testid="variant-topics">
            {fill(w.topicsShown, { topics: variant.topics.map((one) => `#${one}`).join(' ') })}
          </p>
        ) : null}
      </header>
      {problems.length > 0 ? <ProblemList problems={problems} /> : null}
      {isText ? (
        <PostPreview variant={variant} />
      ) : (
        <div className="phone-frame">
          <SafeFrame
            html={withHead(variant.previewHtml, variant.content.title, variant.content.author)}
            title={fill(w.preview, { name: variant.accountName })}
          />
        </div>
      )}
      <Differs differs={variant.differs} />
      {target ? <OwnWording target={target} variant={variant} onTarget={onTarget} /> : null}
    </article>
  );
}

function Counts({ variant }: { variant: VariantView }) {
  const w = useWords(variantTexts);
  return (
    <div className="counts">
      {variant.counts.map((count) => {
        const over = count.used - count.limit;
        const words = `${w[`field_${count.field}`]} ${fill(w.used, { used: count.used, limit: count.limit })}${count.unit === 'bytes' ? ` ${w.bytes}` : ''}`;
        return (
          <span key={count.field} className="number" data-testid={`count-${count.field}`}>
            {over > 0 ? (
              <StateMark tone="bad">
                {words} · {fill(w.over, { count: over })}
              </StateMark>
            ) : (
              words
            )}
          </span>
        );
      })}
    </div>
  );
}
