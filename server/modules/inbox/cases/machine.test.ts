import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CaseFacts, isAside, longestDays, type Step, takeStep } from './machine.ts';

const start = new Date('2026-11-23T01:00:00Z');
const fresh: CaseFacts = {
  ...{ id: 'case-1', state: 'open', kind: 'complaint', urgency: 'normal', outcome: null, mergedInto: null },
  ...{ pausedAt: null, unitId: 'unit-1', returnUntil: start, answeredAt: null },
  ...{ complained: true, reviewed: true },
  ...{ extension: null, extensionDays: null, extensionBy: null, closing: null, level: 7 },
  ...{ stateBefore: null, merged: 0 },
};
const clerk = { personId: 'clerk' };
const chief = { personId: 'chief' };

/** The facts after a step, as the store would read them again. */
function walk(facts: CaseFacts, step: Step, who = clerk, at = start): CaseFacts {
  const verdict = takeStep(facts, step, who, at);
  if ('refused' in verdict) return facts;
  const { change, events } = verdict;
  const asked = { reason: '', outcome: null };
  const has = <K extends keyof typeof change>(key: K) => key in change;
  const before = events.find(({ event }) => event === 'spam-marked' || event === 'merged')?.detail.before;
  return {
    ...facts,
    ...(has('state') ? { state: change.state! } : {}),
    ...(has('outcome') ? { outcome: change.outcome! } : {}),
    ...(has('merged_into') ? { mergedInto: change.merged_into! } : {}),
    ...(has('paused_at') ? { pausedAt: change.paused_at! } : {}),
    ...(has('unit_id') ? { unitId: change.unit_id! } : {}),
    ...(has('urgency') ? { urgency: change.urgency! } : {}),
    ...(has('answered_at') ? { answeredAt: change.answered_at! } : {}),
    ...(has('extension') ? { extension: change.extension! } : {}),
    ...(has('extension_days') ? { extensionDays: change.extension_days! } : {}),
    ...(has('extension_by') ? { extensionBy: change.extension_by! } : {}),
    ...(change.state === 'closed' ? { closing: null } : {}),
    ...(has('closing_by') ? { closing: change.closing_by ? { ...asked, by: change.closing_by } : null } : {}),
    ...(before ? { stateBefore: before as CaseFacts['state'] } : {}),
  };
}

const reason = '原因写在这里';
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom<Step>(
    { step: 'return', reason },
    { step: 'pause', reason, question: '' },
    { step: 'resume', reason },
    { step: 'supervise', note: reason },
    { step: 'mark-spam', why: 'advert', reason },
    { step: 'unmark-spam', reason },
    { step: 'merge', into: 'case-2', target: 'open', reason },
    { step: 'merge', into: 'case-1', target: 'open', reason },
    { step: 'unmerge', reason },
    { step: 'reopen', reason },
    { step: 'withdraw' },
    { step: 'decide-extension', grant: true, reason },
    { step: 'decide-extension', grant: false, reason },
    { step: 'decide-closing', grant: true, reason },
    { step: 'decide-closing', grant: false, reason },
    { step: 'call-back', satisfaction: 4, note: '' },
    { step: 'call-back', satisfaction: null, note: '无人接听' },
    { step: 'set-urgency', urgency: 'urgent', reason },
  ),
  fc.integer({ min: 1, max: 12 }).map((days): Step => ({ step: 'ask-extension', days, reason })),
  fc
    .constantFrom('answered', 'no-answer', 'adopted', 'not-adopted', null)
    .map((outcome): Step => ({ step: 'close', outcome, reason })),
);
const anyFacts = fc
  .record({
    kind: fc.constantFrom<CaseFacts['kind']>('consult', 'suggestion', 'complaint'),
    state: fc.constantFrom<CaseFacts['state']>('open', 'answered'),
    level: fc.integer({ min: 1, max: 15 }),
  })
  .map((given): CaseFacts => ({ ...fresh, ...given }));
const anyWay = fc.array(fc.tuple(anyStep, fc.constantFrom(clerk, chief)), { maxLength: 40 });

describe('whatever people do, in whatever order', () => {
  test('the facts of a case agree with each other', () => {
    fc.assert(
      fc.property(anyFacts, anyWay, (first, way) => {
        let facts = first;
        for (const [step, who] of way) {
          facts = walk(facts, step, who);
          expect(facts.outcome !== null).toBe(facts.state === 'closed');
          expect(facts.mergedInto !== null).toBe(facts.outcome === 'merged');
          if (facts.pausedAt) expect(facts.state).toBe('open');
          if (facts.outcome === 'adopted' || facts.outcome === 'not-adopted')
            expect(facts.kind).toBe('suggestion');
        }
      }),
    );
  });

  test('an extension is granted at most once, by another person, and never beyond the limit', () => {
    fc.assert(
      fc.property(anyFacts, anyWay, (first, way) => {
        let facts = first;
        let granted = 0;
        for (const [step, who] of way) {
          const verdict = takeStep(facts, step, who, start);
          if (!('refused' in verdict) && verdict.change.extension === 'granted') {
            granted += 1;
            expect(who.personId).not.toBe(facts.extensionBy);
            expect(facts.level + facts.extensionDays!).toBeLessThanOrEqual(longestDays);
          }
          facts = walk(facts, step, who);
        }
        expect(granted).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('a complaint that nobody answered is closed by two people or not at all', () => {
    fc.assert(
      fc.property(anyFacts, anyWay, (first, way) => {
        let facts = first;
        for (const [step, who] of way) {
          const asked = facts.closing;
          const unanswered = facts.complained && facts.state === 'open' && facts.kind !== 'suggestion';
          facts = walk(facts, step, who);
          if (!unanswered || facts.state !== 'closed' || isAside(facts)) continue;
          if (facts.outcome === 'withdrawn') continue;
          expect(asked).not.toBeNull();
          expect(who.personId).not.toBe(asked!.by);
        }
      }),
    );
  });

  test('setting aside and bringing back restores the state and loses nothing of the case', () => {
    fc.assert(
      fc.property(anyFacts, anyWay, fc.boolean(), (first, way, spam) => {
        const facts = way.reduce((one, [step, who]) => walk(one, step, who), first);
        fc.pre(facts.state !== 'closed' && facts.pausedAt === null);
        const aside = walk(
          facts,
          spam
            ? { step: 'mark-spam', why: 'abuse', reason }
            : { step: 'merge', into: 'case-2', target: 'open', reason },
        );
        expect(isAside(aside)).toBe(true);
        const back = walk(aside, spam ? { step: 'unmark-spam', reason } : { step: 'unmerge', reason });
        // What waited for another person's word to be closed is no longer to be.
        expect({ ...back, stateBefore: null }).toEqual({ ...facts, stateBefore: null, closing: null });
      }),
    );
  });

  test('every step that is taken says so in the log, and a refused one changes nothing', () => {
    fc.assert(
      fc.property(anyFacts, anyWay, (first, way) => {
        let facts = first;
        for (const [step, who] of way) {
          const verdict = takeStep(facts, step, who, start);
          if ('refused' in verdict) expect(walk(facts, step, who)).toEqual(facts);
          else expect(verdict.events.length).toBeGreaterThan(0);
          facts = walk(facts, step, who);
        }
      }),
    );
  });
});

describe('a section', () => {
  test.each([
    [0, undefined],
    [1, 'return-window'],
  ])('returns a misrouted case until its time is over, %i ms after it: %s', (ms, refusal) => {
    const verdict = takeStep(fresh, { step: 'return', reason }, clerk, new Date(start.getTime() + ms));
    expect('refused' in verdict ? verdict.refused : undefined).toBe(refusal);
  });

  test('cannot return what is with nobody', () => {
    expect(takeStep({ ...fresh, unitId: null }, { step: 'return', reason }, clerk, start)).toEqual({
      refused: 'not-assigned',
    });
  });
});

describe('a complaint without an answer', () => {
  const close: Step = { step: 'close', outcome: null, reason };
  const asked = walk(fresh, close, clerk);
  test('stays open while another person is asked', () => {
    expect(asked).toMatchObject({ state: 'open', closing: { by: 'clerk' } });
    expect(takeStep(asked, close, chief, start)).toEqual({ refused: 'closing-asked' });
  });
  test.each([
    [clerk, true, 'closing-own'],
    [clerk, false, 'closing-own'],
    [chief, true, undefined],
    [chief, false, undefined],
  ])('is decided by another: %o, granted %s: %s', (who, grant, refusal) => {
    const verdict = takeStep(asked, { step: 'decide-closing', grant, reason }, who, start);
    expect('refused' in verdict ? verdict.refused : undefined).toBe(refusal);
  });
  test('ends with the words of whoever asked', () => {
    const decide: Step = { step: 'decide-closing', grant: true, reason: '同意' };
    const told: CaseFacts = { ...asked, closing: { by: 'clerk', reason: '无法联系', outcome: 'answered' } };
    expect(takeStep(told, decide, chief, start)).toMatchObject({
      change: { state: 'closed', outcome: 'answered', outcome_note: '无法联系' },
    });
  });
  test('is not refused without a reason, and not decided where nothing was asked', () => {
    const refuse: Step = { step: 'decide-closing', grant: false, reason: '' };
    expect(takeStep(asked, refuse, chief, start)).toEqual({ refused: 'reason-needed' });
    expect(takeStep(fresh, refuse, chief, start)).toEqual({ refused: 'closing-not-asked' });
  });
  test('is closed by one person once it was answered, and where it is none', () => {
    for (const facts of [
      { ...fresh, state: 'answered' as const },
      { ...fresh, kind: 'consult' as const, complained: false },
    ])
      expect(takeStep(facts, close, clerk, start)).toMatchObject({ change: { state: 'closed' } });
  });
  test('may be taken back by the person while it is open, its pause ends with it, and nobody is called back', () => {
    const paused = { ...fresh, pausedAt: start };
    expect(takeStep(paused, { step: 'withdraw' }, { personId: null }, start)).toMatchObject({
      change: { state: 'closed', outcome: 'withdrawn', paused_at: null },
      events: [{ event: 'resumed' }, { event: 'withdrawn' }],
    });
    const answered = { ...fresh, state: 'answered' as const };
    expect(takeStep(answered, { step: 'withdraw' }, clerk, start)).toEqual({ refused: 'not-open' });
    const withdrawn = { ...fresh, state: 'closed' as const, outcome: 'withdrawn' as const };
    const call: Step = { step: 'call-back', satisfaction: 4, note: '' };
    expect(takeStep(withdrawn, call, clerk, start)).toEqual({ refused: 'not-answered' });
  });
});

test('a complaint that was given another kind is closed by two all the same', () => {
  const renamed: CaseFacts = { ...fresh, kind: 'consult' };
  expect(takeStep(renamed, { step: 'close', outcome: null, reason }, clerk, start)).toMatchObject({
    change: { closing_by: 'clerk' },
  });
});

describe('a case that waits', () => {
  test.each(['answered', 'closed'] as const)('goes into none that is %s', (target) => {
    const merge: Step = { step: 'merge', into: 'case-2', target, reason };
    expect(takeStep(fresh, merge, clerk, start)).toEqual({ refused: 'merge-ended' });
    // One that has its answer may.
    expect(takeStep({ ...fresh, state: 'answered' }, merge, clerk, start)).toMatchObject({
      change: { merged_into: 'case-2' },
    });
  });
});

describe('a suggestion', () => {
  const own = { complained: false, reviewed: false };
  const suggestion: CaseFacts = { ...fresh, ...own, kind: 'suggestion', level: 5 };
  test('waits for a second person where words to people are reviewed, and where it gets none', () => {
    const ending = (facts: CaseFacts, outcome: 'adopted' | 'no-answer') =>
      takeStep(facts, { step: 'close', outcome, reason }, clerk, start);
    expect(ending({ ...suggestion, reviewed: true }, 'adopted')).toMatchObject({
      change: { closing_by: 'clerk' },
      events: [{ event: 'closing-asked', detail: { outcome: 'adopted' } }],
    });
    expect(ending({ ...suggestion, reviewed: true, state: 'answered' }, 'adopted')).toMatchObject({
      change: { closing_by: 'clerk' },
    });
    expect(ending(suggestion, 'no-answer')).toMatchObject({ change: { closing_by: 'clerk' } });
    expect(ending(suggestion, 'adopted')).toMatchObject({ change: { state: 'closed' } });
  });
  test('is closed only with adopted or not', () => {
    const close = (outcome: 'adopted' | 'answered' | null) =>
      takeStep(suggestion, { step: 'close', outcome, reason }, clerk, start);
    expect(close(null)).toEqual({ refused: 'outcome-needed' });
    expect(close('adopted')).toMatchObject({ change: { outcome: 'adopted', outcome_note: reason } });
  });
  test('is no way to close a complaint', () => {
    expect(takeStep(fresh, { step: 'close', outcome: 'adopted', reason }, clerk, start)).toEqual({
      refused: 'outcome-odd',
    });
  });
});
