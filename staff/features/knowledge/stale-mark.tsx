import { type StaleWhy, staleLabels } from '#shared/knowledge.ts';
import { useLang } from '../../lib/language.ts';
import { StateMark } from '../../ui/state-mark.tsx';

/** Says why an entry may no longer be right; nothing while it holds. */
export function StaleMark({ stale }: { stale: StaleWhy | null }) {
  const lang = useLang();
  return stale ? (
    <StateMark tone="warn" testId="stale">
      {staleLabels[stale][lang]}
    </StateMark>
  ) : null;
}
