import { describe, expect, test } from 'vitest';
import type { Todo } from '#shared/home.ts';
import { groupTodo } from './group-todo.ts';

/** 23:30 on 8 October in Shanghai; in UTC it is still the afternoon. */
const now = '2026-10-08T15:30:00.000Z';

const todo = (key: string, dueAt: string | null, overdue = false): Todo => ({
  kind: 'answer',
  key,
  title: key,
  note: { zh: '', en: '' },
  dueAt,
  overdue,
  to: '/',
});

describe('the home list', () => {
  test('groups by the calendar of Shanghai, not of the computer or of UTC', () => {
    const groups = groupTodo(
      [todo('late tonight', '2026-10-08T15:59:00.000Z'), todo('after midnight', '2026-10-08T16:01:00.000Z')],
      now,
    );
    expect(groups.map(({ group, rows }) => [group, rows.map((row) => row.key)])).toEqual([
      ['today', ['late tonight']],
      ['tomorrow', ['after midnight']],
    ]);
  });

  test('puts what is overdue first and what has no date last, whatever order it came in', () => {
    const groups = groupTodo(
      [
        todo('no date', null),
        todo('next week', '2026-10-15T02:00:00.000Z'),
        todo('yesterday', '2026-10-07T02:00:00.000Z', true),
      ],
      now,
    );
    expect(groups.map(({ group }) => group)).toEqual(['overdue', 'later', 'undated']);
  });

  test('puts what is urgent before everything, the critical first, whenever it is due', () => {
    const groups = groupTodo(
      [
        todo('yesterday', '2026-10-07T02:00:00.000Z', true),
        { ...todo('urgent', '2026-10-09T02:00:00.000Z'), urgency: 'urgent' },
        { ...todo('critical', '2026-10-20T02:00:00.000Z'), urgency: 'critical' },
      ],
      now,
    );
    expect(groups.map(({ group, rows }) => [group, rows.map((row) => row.key)])).toEqual([
      ['urgent', ['critical', 'urgent']],
      ['overdue', ['yesterday']],
    ]);
  });

  test('goes by the end of the window where the platform closes before the deadline', () => {
    const closing = { ...todo('closing', '2026-10-20T02:00:00.000Z'), closesAt: '2026-10-08T15:50:00.000Z' };
    const groups = groupTodo([todo('due', '2026-10-08T15:55:00.000Z'), closing], now);
    expect(groups).toMatchObject([{ group: 'today', rows: [{ key: 'closing' }, { key: 'due' }] }]);
  });

  test('orders each group by time', () => {
    const groups = groupTodo(
      [todo('b', '2026-10-20T02:00:00.000Z'), todo('a', '2026-10-12T02:00:00.000Z')],
      now,
    );
    expect(groups[0]?.rows.map((row) => row.key)).toEqual(['a', 'b']);
  });

  test('loses nothing: a passed time that the server does not call overdue stands under today', () => {
    const groups = groupTodo(
      [todo('this morning', '2026-10-08T01:00:00.000Z'), todo('last week', '2026-10-01T01:00:00.000Z')],
      now,
    );
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({ group: 'today' });
    expect(groups[0]?.rows).toHaveLength(2);
  });
});
