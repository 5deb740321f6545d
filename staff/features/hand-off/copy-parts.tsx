import type { HandOffTask } from '#shared/tasks.ts';
import { fill, useWords } from '../../lib/language.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { handOffTexts } from './texts.ts';

type Part = HandOffTask['copy'][number];

/** What is copied there. A text that the field does not take whole is copied as far as it fits, and that is said. */
export function CopyParts({ copy }: { copy: readonly Part[] }) {
  const w = useWords(handOffTexts);
  if (copy.length === 0) return null;
  return (
    <section className="section">
      <h2>{w.copyHead}</h2>
      {copy.map((part) => (
        <CopyPart key={part.field} part={part} />
      ))}
    </section>
  );
}

function CopyPart({ part: { field, text, fit } }: { part: Part }) {
  const w = useWords(handOffTexts);
  const name = w[`field_${field}`];
  const isCut = fit !== null && fit.used > fit.limit;
  const given = isCut ? fit.text : text;
  return (
    <div className="copy-part" data-testid={`copy-${field}`}>
      <div className="row copy-head">
        <span>
          <strong>{name}</strong>{' '}
          {fit ? (
            <span className="number quiet" data-testid={`copy-count-${field}`}>
              {fill(fit.unit === 'bytes' ? w.usedBytes : w.used, { used: fit.used, limit: fit.limit })}
            </span>
          ) : null}
        </span>
        <CopyButton
          size="large"
          text={given}
          label={fill(isCut ? w.copyCut : w.copyField, { field: name })}
          testId={`copy-button-${field}`}
        />
      </div>
      {isCut ? (
        <p className="copy-cut" data-testid={`copy-cut-${field}`}>
          <StateMark tone="warn">{fill(w.cut, { over: fit.used - fit.limit })}</StateMark>{' '}
          <span className="quiet">{w.cutBelow}</span> <CopyButton text={text} label={w.copyWhole} />
        </p>
      ) : null}
      <p className="prose copy-text">{given}</p>
    </div>
  );
}
