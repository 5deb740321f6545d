import type { Target, VariantView } from '#shared/content.ts';
import { useWords } from '../../lib/language.ts';
import { Section } from '../../ui/page.tsx';
import { variantTexts } from './texts.ts';
import { VariantCard } from './variant-card.tsx';

type VariantsPanelProps = {
  variants: readonly VariantView[] | undefined;
  refreshing: boolean;
  targets: readonly Target[];
  editable: boolean;
  onTarget: (target: Target) => void;
};

/** The forms of one article side by side. */
export function VariantsPanel({ variants, refreshing, targets, editable, onTarget }: VariantsPanelProps) {
  const w = useWords(variantTexts);
  return (
    <Section
      title={w.title}
      aside={refreshing ? <span className="quiet">{w.refreshing}</span> : null}
      testId="variants"
    >
      {variants === undefined || variants.length === 0 ? <p className="quiet">{w.empty}</p> : null}
      <div className="variants">
        {variants?.map((variant) => (
          <VariantCard
            key={variant.accountId}
            variant={variant}
            target={
              editable ? (targets.find((target) => target.accountId === variant.accountId) ?? null) : null
            }
            onTarget={onTarget}
          />
        ))}
      </div>
    </Section>
  );
}
