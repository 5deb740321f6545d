import type { CaseView } from '#shared/inbox.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { sayMoment } from '../../lib/time.ts';
import { stepTexts } from './step-texts.ts';

/** When the case would be due with so many more working days, by the server's calendar. */
export function NewDue({ view, days }: { view: CaseView; days: number }) {
  const w = useWords(stepTexts);
  const lang = useLang();
  const choice = view.extensionChoices.find((one) => one.days === days);
  if (!choice) return null;
  return (
    <p data-testid="new-due">
      {choice.dueAt ? fill(w.newDue, { time: sayMoment(choice.dueAt, lang) }) : w.newDueUnknown}
    </p>
  );
}
