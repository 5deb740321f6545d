import { z } from 'zod';
import { CaseUrgency, caseUrgencies } from './inbox.ts';
import { type Text, text } from './lang.ts';
import { route } from './route.ts';

export const todoKinds = [
  'review',
  'returned',
  'answer',
  'hand-off',
  'withdraw-by-hand',
  'check-task',
  'decide-delivery',
  'decide-reply',
  'decide-extension',
  'decide-closing',
  'publish-outcome',
  'advise',
  'release',
  'mend',
  'confirm',
  'sign-in-again',
  'digest',
  'figures',
  'draft',
] as const;
export const TodoKind = z.enum(todoKinds);
export type TodoKind = z.infer<typeof TodoKind>;

/** The word on the one button of a line. */
export const todoActions = {
  review: text('去审核', 'Review'),
  returned: text('去修改', 'Mend'),
  answer: text('去答复', 'Answer'),
  'hand-off': text('去发布', 'Hand off'),
  'withdraw-by-hand': text('去撤下', 'Take away'),
  'check-task': text('去核对', 'Check'),
  'decide-delivery': text('去核对', 'Decide'),
  'decide-reply': text('去核对', 'Decide'),
  'decide-extension': text('去审批', 'Decide'),
  'decide-closing': text('去审批', 'Decide'),
  'publish-outcome': text('去公开', 'Publish'),
  advise: text('去协办', 'Help'),
  release: text('去处理', 'Release'),
  mend: text('去处理', 'Mend'),
  confirm: text('去确认', 'Confirm'),
  'sign-in-again': text('去授权', 'Sign in again'),
  digest: text('去签发', 'Edit and sign'),
  figures: text('去填报', 'Write figures'),
  draft: text('继续写', 'Continue'),
} as const satisfies Record<TodoKind, Text>;

export const Todo = z.object({
  kind: TodoKind,
  /** Stable for one piece of work; a list key. */
  key: z.string(),
  title: z.string(),
  note: z.object({ zh: z.string(), en: z.string() }),
  dueAt: z.iso.datetime().nullable(),
  /** Of a case: until when the platform still takes an answer. */
  closesAt: z.iso.datetime().nullable().optional(),
  /** Of a case that is not as usual: it stands before all others. */
  urgency: CaseUrgency.exclude(['normal']).optional(),
  overdue: z.boolean(),
  /** Where the button leads, a path of the staff app. */
  to: z.string(),
});
export type Todo = z.infer<typeof Todo>;

/** What comes first: the deadline, or that the platform takes no more answers. Undated comes last. */
export const firstDate = ({ dueAt, closesAt }: Pick<Todo, 'dueAt' | 'closesAt'>): string | null =>
  dueAt && closesAt ? (dueAt < closesAt ? dueAt : closesAt) : (dueAt ?? closesAt ?? null);

const weight = ({ urgency }: Pick<Todo, 'urgency'>): number =>
  urgency === undefined ? 0 : caseUrgencies.indexOf(urgency);

/** The order of the list: critical, urgent, then all others, each by what comes first. */
export function compareTodo(a: Todo, b: Todo): number {
  if (weight(a) !== weight(b)) return weight(b) - weight(a);
  const [first, second] = [firstDate(a) ?? '9999', firstDate(b) ?? '9999'];
  if (first !== second) return first < second ? -1 : 1;
  return a.key < b.key ? -1 : 1;
}

/** What the list does not name, because there is too much of one kind; `to` is where all of it stands. */
export const TodoMore = z.object({ kind: TodoKind, count: z.number().int(), to: z.string() });
export type TodoMore = z.infer<typeof TodoMore>;

export const listTodo = route({
  method: 'GET',
  path: '/api/todo',
  access: 'session',
  tokens: true,
  summary:
    'What waits for me in one dated list, the urgent first: fifty of a kind by name, the others counted.',
  reply: z.object({ rows: z.array(Todo), more: z.array(TodoMore), now: z.iso.datetime() }),
});
