/**
 * The chain against a model: random people submit, approve, return and edit in any order, on the real tables. What the
 * model allows must succeed, what it does not must change nothing.
 */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { AppError } from '#server/base/app-error.ts';
import { sha256 } from '#server/base/canonical.ts';
import type { Role } from '#shared/people.ts';
import type { Stage } from '#shared/review.ts';
import { buildActor, buildApp, type TestApp } from '#tests/support/build-app.ts';
import { afterDecision, chains, refuseDecision } from './chain.ts';
import { decide } from './decide.ts';
import { openReview, voidReview } from './open-review.ts';
import { findReview, listDecisions } from './store.ts';
import type { ReviewRecord, ReviewSubject } from './subject.ts';

let ground: TestApp;
let template: Actor;
beforeAll(async () => {
  ground = await buildApp();
  template = await buildActor(ground.app, 'bianji');
});
afterAll(() => ground?.close());

const roleOf: Record<Stage, Role> = {
  first: 'reviewer-first',
  second: 'reviewer-second',
  final: 'reviewer-final',
};
type Class = keyof typeof chains;
const stagesOf: Record<Class, Stage[]> = {
  ordinary: ['first', 'final'],
  important: ['first', 'second', 'final'],
  answer: ['first'],
};

type Model = {
  revision: number;
  review: null | {
    state: 'open' | 'approved' | 'returned' | 'voided';
    class: Class;
    submittedBy: number;
    revision: number;
    approvedBy: number[];
  };
};

/** One subject on the real tables, and what its owner was told. */
type Real = {
  subjectId: string;
  revisionIds: string[];
  people: Actor[];
  reviewIds: string[];
  approvals: ReviewRecord[];
  returns: ReviewRecord[];
};

const subject = (real: Real): ReviewSubject => ({
  kind: 'trial',
  render: async () => ({ sections: [], problems: [], texts: [], plannedWall: null }),
  onApproved: async (_app, _tx, _actor, review) => void real.approvals.push(review),
  onReturned: async (_app, _tx, _actor, review) => void real.returns.push(review),
});
const hashOf = (revision: number) => sha256(`revision ${revision}`);

/** The code of the refusal, or null when the work was done. */
async function attempt(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

type Command = fc.AsyncCommand<Model, Real>;

class Submit implements Command {
  readonly person: number;
  readonly class: Class;
  constructor(person: number, kind: Class) {
    this.person = person;
    this.class = kind;
  }
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    const actor = real.people[this.person]!;
    const refused = await attempt(
      ground.app.database.withScope(actor, async (tx) => {
        const id = await openReview(ground.app, tx, actor, {
          subjectKind: 'trial',
          subjectId: real.subjectId,
          revisionId: real.revisionIds[model.revision]!,
          hash: hashOf(model.revision),
          title: '试验',
          class: this.class,
          notBefore: null,
          notAfter: null,
        });
        real.reviewIds.push(id);
      }),
    );
    if (model.review?.state === 'open') {
      expect(refused).toBe('state-conflict');
      return;
    }
    expect(refused).toBeNull();
    model.review = {
      state: 'open',
      class: this.class,
      submittedBy: this.person,
      revision: model.revision,
      approvedBy: [],
    };
  }
  toString = () => `submit(${this.person}, ${this.class})`;
}

class Edit implements Command {
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    const actor = real.people[0]!;
    await ground.app.database.withScope(actor, (tx) =>
      voidReview(ground.app, tx, actor, { kind: 'trial', id: real.subjectId }, '改了一个字'),
    );
    model.revision += 1;
    real.revisionIds.push(randomUUID());
    if (model.review?.state === 'open' || model.review?.state === 'approved') model.review.state = 'voided';
  }
  toString = () => 'edit';
}

class Decide implements Command {
  readonly person: number;
  /** `now`: the stage that is due, so that most runs get somewhere. */
  readonly wish: Stage | 'now';
  readonly decision: 'approve' | 'return';
  readonly note: string;
  readonly stale: boolean;
  constructor(
    person: number,
    wish: Stage | 'now',
    decision: 'approve' | 'return',
    note: string,
    stale: boolean,
  ) {
    this.person = person;
    this.wish = wish;
    this.decision = decision;
    this.note = note;
    this.stale = stale;
  }
  check = (model: Readonly<Model>) => model.review !== null;

  allowed(review: NonNullable<Model['review']>, stage: Stage, real: Real): boolean {
    return (
      review.state === 'open' &&
      stagesOf[review.class][review.approvedBy.length] === stage &&
      !this.stale &&
      real.people[this.person]!.roles.includes(roleOf[stage]) &&
      review.submittedBy !== this.person &&
      !review.approvedBy.includes(this.person) &&
      (this.decision === 'approve' || this.note !== '')
    );
  }

  async run(model: Model, real: Real): Promise<void> {
    const review = model.review!;
    const actor = real.people[this.person]!;
    const stage =
      this.wish === 'now' ? (stagesOf[review.class][review.approvedBy.length] ?? 'final') : this.wish;
    const told = [real.approvals.length, real.returns.length];
    const refused = await attempt(
      ground.app.database.withScope(actor, (tx) =>
        decide(ground.app, tx, actor, new Map([['trial', subject(real)]]), real.reviewIds.at(-1)!, {
          stage,
          subjectHash: hashOf(review.revision + (this.stale ? 1 : 0)).toString('hex'),
          decision: this.decision,
          note: this.note,
          remarks: [],
        }),
      ),
    );
    if (!this.allowed(review, stage, real)) {
      expect(refused).not.toBeNull();
      expect([real.approvals.length, real.returns.length]).toEqual(told);
      return;
    }
    expect(refused).toBeNull();
    if (this.decision === 'return') {
      review.state = 'returned';
      expect(real.returns.length).toBe(told[1]! + 1);
      return;
    }
    review.approvedBy.push(this.person);
    const done = review.approvedBy.length === stagesOf[review.class].length;
    if (done) review.state = 'approved';
    expect(real.approvals.length).toBe(told[0]! + (done ? 1 : 0));
  }
  toString = () =>
    `${this.decision}(${this.person}, ${this.wish}${this.stale ? ', stale' : ''}${this.note ? ', noted' : ''})`;
}

/** What every approved review must look like on disk. */
async function proveApprovals(real: Real): Promise<void> {
  for (const record of real.approvals) {
    const { review, decisions } = await ground.app.database.withWorker(async (tx) => ({
      review: (await findReview(tx, record.bureauId, record.id))!,
      decisions: await listDecisions(tx, record.bureauId, record.id),
    }));
    const people = decisions.map((decision) => decision.person_id);
    expect(decisions.map((decision) => decision.decision)).toEqual(review.chain.map(() => 'approve'));
    expect(new Set(people).size).toBe(people.length);
    expect(people).not.toContain(review.submitted_by);
    for (const decision of decisions) {
      expect(decision.subject_hash).toEqual(review.subject_hash);
      const person = real.people.find((actor) => actor.personId === decision.person_id)!;
      expect(person.roles).toContain(review.chain[decision.stage]!.role);
    }
  }
}

const everyRole: Role[] = ['reviewer-first', 'reviewer-second', 'reviewer-final', 'editor'];
const person = fc.nat({ max: 4 });
const commands = fc.commands(
  [
    fc
      .tuple(person, fc.constantFrom<Class>('ordinary', 'important'))
      .map(([who, kind]) => new Submit(who, kind)),
    fc.constant(new Edit()),
    ...[1, 2, 3, 4, 5, 6].map(() =>
      fc
        .record({
          who: person,
          stage: fc.constantFrom<Stage | 'now'>('now', 'now', 'now', 'now', 'first', 'second', 'final'),
          decision: fc.constantFrom<'approve' | 'return'>(
            'approve',
            'approve',
            'approve',
            'approve',
            'return',
          ),
          note: fc.constantFrom('', '数字有误'),
          stale: fc.constantFrom(false, false, false, false, false, false, true),
        })
        .map((one) => new Decide(one.who, one.stage, one.decision, one.note, one.stale)),
    ),
  ],
  { maxCommands: 30, size: 'max' },
);

describe('the review chain', () => {
  test('obeys its model, whoever does what in whatever order', { timeout: 60_000 }, async () => {
    let approved = 0;
    await fc.assert(
      fc.asyncProperty(
        commands,
        fc.array(fc.subarray(everyRole, { minLength: 2 }), { minLength: 5, maxLength: 5 }),
        async (list, roles) => {
          const real: Real = {
            subjectId: randomUUID(),
            revisionIds: [randomUUID()],
            people: roles.map((held) => ({ ...template, personId: randomUUID(), roles: held })),
            reviewIds: [],
            approvals: [],
            returns: [],
          };
          await fc.asyncModelRun(() => ({ model: { revision: 0, review: null }, real }), list);
          await proveApprovals(real);
          approved += real.approvals.length;
        },
      ),
      { numRuns: 120 },
    );
    // A run that never gets through the chain would prove little.
    expect(approved).toBeGreaterThan(0);
  });

  test('names each refusal by its first cause', () => {
    const review = {
      state: 'open',
      stage: 0,
      chain: chains.important,
      submittedBy: 'author',
      subjectHash: 'aa',
      decidedBy: ['earlier'],
    };
    const right = {
      stage: 'first' as const,
      subjectHash: 'aa',
      decision: 'approve' as const,
      note: '',
      remarks: [],
    };
    const by = (personId: string) => ({ personId, roles: ['reviewer-first'] as const });
    expect(refuseDecision(review, right, by('other'))).toBeNull();
    expect(refuseDecision({ ...review, state: 'approved' }, right, by('other'))).toBe('state-conflict');
    expect(refuseDecision(review, { ...right, stage: 'final' }, by('other'))).toBe('state-conflict');
    expect(refuseDecision(review, { ...right, subjectHash: 'bb' }, by('other'))).toBe('review-hash-stale');
    expect(refuseDecision(review, right, { personId: 'other', roles: ['editor'] })).toBe('forbidden');
    expect(refuseDecision(review, right, by('author'))).toBe('review-own-work');
    expect(refuseDecision(review, right, by('earlier'))).toBe('review-same-person');
    const silent = { ...right, decision: 'return' as const };
    expect(refuseDecision(review, silent, by('other'))).toBe('review-note-needed');
    expect(refuseDecision(review, { ...silent, remarks: [{}] }, by('other'))).toBeNull();
  });

  test('goes stage by stage and ends with the last', () => {
    expect(afterDecision({ stage: 0, chain: chains.important }, 'approve')).toEqual({
      state: 'open',
      stage: 1,
    });
    expect(afterDecision({ stage: 2, chain: chains.important }, 'approve').state).toBe('approved');
    expect(afterDecision({ stage: 1, chain: chains.ordinary }, 'approve').state).toBe('approved');
    expect(afterDecision({ stage: 0, chain: chains.ordinary }, 'return').state).toBe('returned');
  });
});
