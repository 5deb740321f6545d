/**
 * Many seeded lives of one delivery on the pure rules: a platform that accepts or refuses, loses answers and lists posts
 * late; a program that dies anywhere, is down for hours and asks at any time. Crashes on real SQL are in tests/faults.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeliveryState } from '#shared/publishing.ts';
import { reportPromise } from '#tests/support/promises.ts';
import { readRandomRun } from '#tests/support/random-run.ts';
import { judgeAbsence, judgeDelay, mayMove } from './state.ts';

const { seeds, seed } = readRandomRun();
const minute = 60_000;
const settleMs = 3 * minute;

type Event =
  | { kind: 'pass'; ms: number }
  /** A worker claims it and does one step; `dies`: before what came of the step is saved. */
  | { kind: 'step'; dies: boolean; answer: 'published' | 'pending' | 'limit' | 'not-written' | 'lost' }
  | { kind: 'person'; does: 'release' | 'check' };

const eventOf: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(20 * minute) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(30 * 60 * minute) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('step' as const),
      dies: fc.boolean(),
      answer: fc.constantFrom('published', 'pending', 'limit', 'not-written', 'lost'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('person' as const), does: fc.constantFrom('release', 'check') }),
  },
);

type Life = { events: Event[]; accepts: boolean[]; lagMs: number };

/** @returns what is wrong with how it went; null when nothing is */
function live({ events, accepts, lagMs }: Life): string | null {
  let now = Date.UTC(2026, 8, 10, 2);
  const posts: number[] = [];
  let calls = 0;
  let state = 'planned' as DeliveryState;
  let dueAt = now;
  let resumeAt: Date | null = null;
  let submittedAt: Date | null = null;
  let absences = 0;
  let absentAt: Date | null = null;
  let wrong = null as string | null;

  const move = (to: DeliveryState) => {
    if (to !== state && !mayMove(state, to)) wrong = `${state} → ${to}`;
    state = to;
  };
  const isListed = () => posts.some((at) => now - at >= lagMs);
  const mayGo = () => {
    const hour = new Date(now + 8 * 60 * minute).getUTCHours();
    const verdict = judgeDelay({ dueAt: new Date(dueAt), resumeAt, evenIfLate: false }, new Date(now), hour);
    if (verdict !== 'go') move(verdict === 'hold' ? 'held' : 'expired');
    return verdict === 'go';
  };

  function submit({ dies, answer }: Extract<Event, { kind: 'step' }>): void {
    move('submitting');
    submittedAt = new Date(now);
    const missedMs = now - Math.max(dueAt, resumeAt?.getTime() ?? 0);
    if (missedMs > 15 * minute) wrong = 'went out late without a hold';
    const refused = answer === 'limit' || answer === 'not-written';
    const taken = !refused && (answer !== 'lost' || accepts[calls % accepts.length] === true);
    calls += 1;
    if (taken) posts.push(now);
    if (dies) return;
    if (answer === 'lost') move('unknown');
    else if (refused) {
      move('due');
      resumeAt = new Date(now + minute);
    } else move(answer as 'published' | 'pending');
    absences = 0;
    absentAt = null;
  }

  function look({ dies }: Extract<Event, { kind: 'step' }>): void {
    const found = isListed();
    if (dies) return;
    if (found) {
      move('published');
      return;
    }
    const absence = judgeAbsence({ submittedAt, absences, absentAt }, settleMs, new Date(now));
    if (state === 'pending') move('unknown');
    if (absence.verdict === 'first') {
      absences = 1;
      absentAt = new Date(now);
    } else if (absence.verdict === 'send-again') {
      move('due');
      resumeAt = new Date(now);
      absences = 0;
      absentAt = null;
    }
  }

  function step(event: Extract<Event, { kind: 'step' }>): void {
    switch (state) {
      case 'planned':
      case 'due':
      case 'preparing':
        if (!mayGo()) return;
        move('preparing');
        if (!event.dies) move('prepared');
        return;
      case 'prepared':
        if (mayGo()) submit(event);
        return;
      // Found by the next process: nobody knows.
      case 'submitting':
        move('unknown');
        return;
      case 'pending':
      case 'unknown':
        look(event);
        return;
      default:
    }
  }

  for (const event of events) {
    now += 1_000;
    if (event.kind === 'pass') now += event.ms;
    else if (event.kind === 'step') step(event);
    else if (event.does === 'release' && state === 'held') {
      move('due');
      dueAt = now;
    } else if (event.does === 'check' && (state === 'unknown' || state === 'pending'))
      look({ kind: 'step', dies: false, answer: 'lost' });
    wrong ??= posts.length > 1 ? 'doubled' : null;
    if (state === 'published' && posts.length === 0) wrong ??= 'shown as published and is not';
    const isOver = state === 'expired' || state === 'held' || state === 'due' || state === 'planned';
    if (isOver && posts.length > 0) wrong ??= `lost sight of a post: ${state}`;
    if (wrong) return wrong;
  }
  return null;
}

/** @param lag how long the platform takes to list a post, milliseconds */
const lifeWith = (lag: fc.Arbitrary<number>): fc.Arbitrary<Life> =>
  fc.record({
    events: fc.array(eventOf, { maxLength: 40 }),
    accepts: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
    lagMs: lag,
  });
const inTime = fc.nat(settleMs - 2_000);

test(
  `in ${seeds} lives nothing goes out twice, late without a word, or is lost (seed ${seed})`,
  async () => {
    const details = await fc.check(
      fc.property(lifeWith(inTime), (life) => live(life) === null),
      { numRuns: seeds, seed },
    );
    const broken = Number(details.failed);
    await reportPromise({
      id: 'P1',
      what: `simulated lives (seed ${seed})`,
      tried: details.numRuns,
      broken,
    });
    const found = details.counterexample?.[0];
    expect(found && { ...found, wrong: live(found) }).toBeFalsy();
  },
  60_000 + seeds,
);

test('a platform that lists later than its connector says is what the simulation would find', async () => {
  const far = fc.constant(30 * 24 * 60 * minute);
  const details = await fc.check(
    fc.property(lifeWith(far), (life) => live(life) === null),
    { numRuns: 20_000, seed },
  );
  expect(details.failed).toBe(true);
});
