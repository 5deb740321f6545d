import type { Delivery } from '#shared/publishing.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { sayMoment } from '../../lib/time.ts';
import { Section } from '../../ui/page.tsx';
import { Qr } from '../../ui/qr.tsx';
import { deliveryTexts } from './texts.ts';

/** The way to the phone: the task page opens there without a session. */
export function HandOffPanel({ delivery, url }: { delivery: Delivery; url: string }) {
  const w = useWords(deliveryTexts);
  const lang = useLang();
  const address = new URL(url, window.location.origin).href;
  return (
    <Section title={w.handOffTitle} testId="hand-off">
      <div className="hand-off">
        <Qr text={address} label={w.qr} />
        <div>
          <p>{w.handOffHelp}</p>
          {delivery.handoffDeadline ? (
            <p>{fill(w.deadline, { time: sayMoment(delivery.handoffDeadline, lang) })}</p>
          ) : null}
          <a href={address} target="_blank" rel="noopener" data-testid="hand-off-open">
            {w.openTask}
          </a>
        </div>
      </div>
    </Section>
  );
}
