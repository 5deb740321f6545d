import type { CaseView } from '#shared/inbox.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { sayMoment } from '../../lib/time.ts';
import { To } from '../../ui/to.tsx';
import { logTexts } from './log-texts.ts';
import { SortingNote } from './sorting-note.tsx';
import { eventLabels, eventReasons, inboxTexts } from './texts.ts';

type LoggedEvent = CaseView['events'][number];
type Words = Record<keyof typeof logTexts, string>;

/** Who did what, to whom: names stand where their part is clear. */
export function LogLine({ event }: { event: LoggedEvent }) {
  const w = useWords(inboxTexts);
  const log = useWords(logTexts);
  const lang = useLang();
  const said = sayWhom(event, log) ?? eventLabels[event.event]?.[lang] ?? event.event;
  return (
    <li data-testid="log-line" data-event={event.event}>
      <span className="quiet number">{sayMoment(event.at, lang)}</span>{' '}
      {event.actorName ? <span className="quiet">{event.actorName} </span> : null}
      {said}
      {event.otherCase ? (
        <>
          {' '}
          <To href={`/inbox/${event.otherCase.id}`}>
            <span className="number">{event.otherCase.number}</span> {event.otherCase.title}
          </To>
        </>
      ) : null}
      {event.actorName ? null : <span className="quiet"> {w.system}</span>}
      <EventWords detail={event.detail} />
      {event.event === 'classified' ? <SortingNote detail={event.detail} /> : null}
    </li>
  );
}

/** Null: the event names nobody, and its own word says it. */
function sayWhom({ event, unitName, ownerName, otherCase, detail }: LoggedEvent, w: Words): string | null {
  const whom = [unitName, ownerName].filter((name) => name !== null).join(' · ');
  switch (event) {
    case 'assigned':
      if (detail.automatic !== true) return whom ? fill(w.assigned, { whom }) : null;
      if (!whom) return w.byNobody;
      if (typeof detail.rule === 'string') return fill(w.byRule, { rule: detail.rule, whom });
      if (unitName && ownerName) return fill(w.byFieldAndLoad, { unit: unitName, owner: ownerName });
      return fill(unitName ? w.byField : w.byLoad, { whom });
    case 'returned':
    case 'helper-added':
    case 'helper-removed':
      return unitName ? fill(w[event], { unit: unitName }) : null;
    case 'merged':
    case 'absorbed':
    case 'unmerged':
    case 'released':
      return otherCase ? w[event] : null;
    default:
      return null;
  }
}

/** What a person wrote beside it; a word of the program's own is said in ours. */
function EventWords({ detail }: { detail: Record<string, unknown> }) {
  const lang = useLang();
  const words = [detail.note, detail.reason].find((one) => typeof one === 'string' && one.trim() !== '');
  if (typeof words !== 'string') return null;
  return <span className="quiet"> · {eventReasons[words]?.[lang] ?? words}</span>;
}
