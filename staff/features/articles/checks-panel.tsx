import type { VariantView } from '#shared/content.ts';
import { useWords } from '../../lib/language.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemList } from '../../ui/problem-list.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { variantTexts } from './texts.ts';
import { variantPlace } from './variant-card.tsx';

/** Where a refused submission leads. */
export const checksPlace = 'checks';

type Finding = VariantView['problems'][number];

/** The same finding at several accounts is said once, with their names after it. */
function gather(variants: readonly VariantView[]): Finding[] {
  const found = new Map<string, { problem: Finding; accounts: Set<string> }>();
  for (const variant of variants) {
    for (const problem of variant.problems) {
      const entry = found.get(problem.level + problem.zh) ?? { problem, accounts: new Set<string>() };
      if (problem.accountId !== null) entry.accounts.add(variant.accountName);
      found.set(problem.level + problem.zh, entry);
    }
  }
  return [...found.values()].map(({ problem, accounts }) => {
    if (accounts.size === 0) return problem;
    const names = [...accounts];
    return {
      ...problem,
      zh: `${problem.zh}（${names.join('、')}）`,
      en: `${problem.en} (${names.join(', ')})`,
    };
  });
}

const fieldsOfArticle: Partial<Record<Finding['field'], string>> = {
  title: '[data-testid="article-title"]',
  digest: '[data-testid="article-digest"]',
  author: '[data-testid="article-author"]',
  body: '[data-testid="editor"]',
  media: '[data-testid="cover-field"]',
};

/** To the field of the article, or to the card of the first account that it concerns. */
function goTo(problem: Finding): void {
  const place =
    problem.accountId === null
      ? document.querySelector<HTMLElement>(fieldsOfArticle[problem.field] ?? `#${checksPlace}`)
      : document.getElementById(variantPlace(problem.accountId));
  place?.scrollIntoView({ block: 'center' });
  place?.focus({ preventScroll: true });
}

/** All findings in one place before submission. */
export function ChecksPanel({
  variants,
  blank,
}: {
  variants: readonly VariantView[] | undefined;
  /** Nothing is written yet: a list of what is missing would only scold. */
  blank: boolean;
}) {
  const w = useWords(variantTexts);
  const known = variants !== undefined && variants.length > 0 && !blank;
  const problems = known ? gather(variants) : [];
  return (
    <Section id={checksPlace} title={w.checks} testId="checks">
      {known ? null : <p className="quiet">{blank ? w.checksBlank : w.checksLater}</p>}
      {known && problems.length === 0 ? <StateMark tone="good">{w.allGood}</StateMark> : null}
      <ProblemList problems={problems} onOpen={goTo} openWord={w.goThere} />
    </Section>
  );
}
