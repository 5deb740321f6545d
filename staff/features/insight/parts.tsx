import './insight.css';
import { useWords } from '../../lib/language.ts';
import { To } from '../../ui/to.tsx';
import { insightTexts } from './texts.ts';

const parts = [
  { key: 'issues', path: '/insight' },
  { key: 'digests', path: '/insight/digests' },
  { key: 'quality', path: '/insight/quality' },
  { key: 'sorting', path: '/insight/sorting' },
] as const;

/** The way between the parts of insight; each is a page of its own. */
export function Parts({ here }: { here: (typeof parts)[number]['key'] }) {
  const w = useWords(insightTexts);
  return (
    <nav className="parts" aria-label={w.parts}>
      {parts.map(({ key, path }) => (
        <To key={key} href={path} className={key === here ? 'part part-here' : 'part'} testId={`part-${key}`}>
          {w[key]}
        </To>
      ))}
    </nav>
  );
}
