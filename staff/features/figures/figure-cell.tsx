import { captureLabels } from '#shared/abilities.ts';
import type { Figure } from '#shared/figures.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { sayMoment } from '../../lib/time.ts';
import { figureTexts } from './texts.ts';

/** A figure with how it was got and when; an empty cell says that nobody looked. */
export function FigureCell({ figure }: { figure: Figure | undefined }) {
  const w = useWords(figureTexts);
  const lang = useLang();
  if (!figure) return null;
  return (
    <span className="figure" data-capture={figure.capture}>
      <span className="number">
        {figure.value === null ? w.unavailable : figure.value.toLocaleString('zh-CN')}
      </span>
      <span className="quiet figure-source">
        {captureLabels[figure.capture][lang]} · {sayMoment(figure.asOf, lang)}
      </span>
    </span>
  );
}
