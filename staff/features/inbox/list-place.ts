/** Where one stands in the list of cases: kept in the address, so that going back leads there again. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { z } from 'zod';
import { CaseChannel, CaseKind, CaseUrgency, caseFields } from '#shared/inbox.ts';

export const views = [
  'open',
  'mine',
  'overdue',
  'triage',
  'answered',
  'closed',
  'callBack',
  'spam',
  'everything',
] as const;
export type View = (typeof views)[number];

const Narrow = z.object({
  field: z.enum(caseFields).optional().catch(undefined),
  kind: CaseKind.optional().catch(undefined),
  urgency: CaseUrgency.optional().catch(undefined),
  channel: CaseChannel.optional().catch(undefined),
  unitId: z.uuid().optional().catch(undefined),
});
export type Narrow = {
  field?: (typeof caseFields)[number];
  kind?: CaseKind;
  urgency?: CaseUrgency;
  channel?: CaseChannel;
  unitId?: string;
};

const Place = Narrow.extend({
  view: z.enum(views).catch('open').default('open'),
  search: z.string().max(100).catch('').default(''),
});

export type ListPlace = { view: View; narrow: Narrow; search: string };

/** Where somebody was last, for the way back from a case. */
let lastPlace: Record<string, unknown> = {};
export const lastListPlace = (): Record<string, unknown> => lastPlace;

export function useListPlace(): { place: ListPlace; goTo: (next: ListPlace) => void } {
  const given = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  lastPlace = given;
  const place = useMemo((): ListPlace => {
    const { view, search, ...narrow } = Place.parse(given);
    return { view, search, narrow: withoutNothing(narrow) };
  }, [given]);
  const goTo = useCallback(
    ({ view, narrow, search }: ListPlace) => {
      const wanted = {
        ...narrow,
        ...(view === 'open' ? {} : { view }),
        ...(search === '' ? {} : { search }),
      };
      void navigate({ to: '/inbox', search: wanted as never, replace: true });
    },
    [navigate],
  );
  return { place, goTo };
}

const withoutNothing = (narrow: z.infer<typeof Narrow>): Narrow =>
  Object.fromEntries(Object.entries(narrow).filter(([, value]) => value !== undefined)) as Narrow;
