import { useLang, useWords } from '../lib/language.ts';
import { StateMark } from './state-mark.tsx';
import { uiTexts } from './texts.ts';

type Finding = { level: 'block' | 'warn'; zh: string; en: string };

type ProblemListProps<F extends Finding> = {
  problems: readonly F[];
  /** Leads to where the finding can be mended. */
  onOpen?: ((problem: F) => void) | undefined;
  openWord?: string;
};

/** Findings, the blocking ones first. */
export function ProblemList<F extends Finding>({ problems, onOpen, openWord }: ProblemListProps<F>) {
  const lang = useLang();
  const w = useWords(uiTexts);
  const ordered = [...problems].sort((a, b) => Number(a.level === 'warn') - Number(b.level === 'warn'));
  return (
    <ul className="problems">
      {ordered.map((problem) => (
        <li key={`${problem.level}${problem.zh}`} data-testid={`problem-${problem.level}`}>
          <StateMark tone={problem.level === 'block' ? 'bad' : 'warn'}>
            {problem.level === 'block' ? w.block : w.warn}
          </StateMark>
          <span>
            {problem[lang]}
            {onOpen ? (
              <button
                type="button"
                className="problem-open"
                onClick={() => onOpen(problem)}
                data-testid="problem-open"
              >
                {openWord}
              </button>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
