import type { VariantView } from '#shared/content.ts';
import { useWords } from '../../lib/language.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemList } from '../../ui/problem-list.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { variantTexts } from './texts.ts';

/** All findings in one place before submission; what holds for every account is said once. */
export function ChecksPanel({ variants }: { variants: readonly VariantView[] | undefined }) {
  const w = useWords(variantTexts);
  const known = variants !== undefined && variants.length > 0;
  const problems = new Map((variants ?? []).flatMap((variant) => variant.problems.map((problem) => naming(problem, variant))).map((p) => [p.zh, p]));
  return (
    <Section title={w.checks} testId="checks">
      {known ? null : <p className="quiet">{w.checksLater}</p>}
      {known && problems.size === 0 ? <StateMark tone="good">{w.allGood}</StateMark> : null}
      <ProblemList problems={[...problems.values()]} />
    </Section>
  );
}

function naming(problem: VariantView['problems'][number], variant: VariantView): VariantView['problems'][number] {
  if (problem.accountId === null) return problem;
  return { ...problem, zh: `${variant.accountName}：${problem.zh}`, en: `${variant.accountName}: ${problem.en}` };
}
