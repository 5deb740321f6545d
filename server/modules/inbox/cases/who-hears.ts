import type { NoticeTarget } from '#server/modules/notices/index.ts';
import type { CaseFacts } from './machine.ts';

const administrators: NoticeTarget = { kind: 'role', role: 'administrator' };
const deciders: NoticeTarget[] = [administrators, { kind: 'role', role: 'leader' }];

/**
 * Whoever has the case: its owner, else its section, else those who distribute. Each stands for the next where nobody is left,
 * so that nothing is told to an empty chair.
 */
export function whoHas(found: { unit_id: string | null; owner_id: string | null }): NoticeTarget {
  const people: NoticeTarget[] = [];
  if (found.owner_id) people.push({ kind: 'person', id: found.owner_id });
  if (found.unit_id) people.push({ kind: 'unit', id: found.unit_id });
  return { kind: 'first', of: [...people, { kind: 'role', role: 'agent' }, administrators] };
}

/** Who must know of a step. */
export function targetsOf(
  found: {
    unit_id: string | null;
    owner_id: string | null;
    extension_by: string | null;
    closing_by: string | null;
  },
  event: string,
  facts: Pick<CaseFacts, 'complained' | 'state'>,
  step: { step: string; urgency?: string },
): NoticeTarget[] {
  const owner = [whoHas(found)];
  switch (event) {
    case 'returned':
      return [
        { kind: 'role', role: 'agent' },
        { kind: 'role', role: 'administrator' },
      ];
    case 'extended':
    case 'extension-refused':
      return found.extension_by ? [{ kind: 'person', id: found.extension_by }] : owner;
    case 'extension-asked':
    case 'closing-asked':
      return deciders;
    case 'spam-marked':
      // Nobody puts a complaint away unseen.
      return facts.complained && facts.state === 'open' ? deciders : [];
    case 'urgency-set':
      return step.urgency !== 'normal' ? owner : [];
    case 'closed':
      return found.closing_by ? [{ kind: 'person', id: found.closing_by }] : [];
    case 'closing-refused':
      return found.closing_by ? [{ kind: 'person', id: found.closing_by }] : owner;
    case 'supervised':
    case 'reopened':
    case 'withdrawn':
      return owner;
    default:
      return [];
  }
}
