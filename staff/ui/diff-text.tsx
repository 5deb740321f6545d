import type { DiffPart } from '#shared/review.ts';
import { useWords } from '../lib/language.ts';
import { uiTexts } from './texts.ts';

const around = 40;

/** Long unchanged stretches are shortened to what stands next to a change. */
function shorten(text: string, isFirst: boolean, isLast: boolean): string {
  if (text.length <= around * 2 + 8) return text;
  const head = isFirst ? '' : text.slice(0, around);
  const tail = isLast ? '' : text.slice(-around);
  return `${head} … ${tail}`;
}

/** Added text is underlined, removed text struck: the shape tells it without colour, a spoken word without sight. */
export function DiffText({ parts }: { parts: readonly DiffPart[] }) {
  const w = useWords(uiTexts);
  return (
    <p className="diff" data-testid="diff">
      {parts.map((part, index) => {
        const key = `${index}${part.kind}`;
        if (part.kind === 'same')
          return <span key={key}>{shorten(part.text, index === 0, index === parts.length - 1)}</span>;
        const Tag = part.kind === 'added' ? 'ins' : 'del';
        return (
          <Tag key={key}>
            <span className="spoken">{part.kind === 'added' ? w.added : w.removed}</span>
            {part.text}
          </Tag>
        );
      })}
    </p>
  );
}
