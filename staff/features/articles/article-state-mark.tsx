import { type ArticleState, articleStateLabels } from '#shared/content.ts';
import { useLang } from '../../lib/language.ts';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';

const tones = {
  draft: 'calm',
  'in-review': 'busy',
  returned: 'warn',
  approved: 'good',
  closed: 'quiet',
} as const satisfies Record<ArticleState, Tone>;

export function ArticleStateMark({ state }: { state: ArticleState }) {
  const lang = useLang();
  return (
    <StateMark tone={tones[state]} testId="article-state" value={state}>
      {articleStateLabels[state][lang]}
    </StateMark>
  );
}
