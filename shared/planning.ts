import { z } from 'zod';
import { route } from './route.ts';

export const WorkingDay = z.object({
  /** 'YYYY-MM-DD', Asia/Shanghai. */
  day: z.iso.date(),
  works: z.boolean(),
  /** Name of the holiday or of the make-up day. */
  name: z.string(),
  source: z.enum(['seed', 'hand', 'weekday']),
});
export type WorkingDay = z.infer<typeof WorkingDay>;

/** One step in how a deadline came about: the clerk can check it with a finger on the calendar. */
export const DeadlineStep = z.object({
  day: z.iso.date(),
  counted: z.boolean(),
  /** 1 for the first working day counted. */
  number: z.number().int().nullable(),
  note: z.string(),
  /** A working day on which the clock stood still. */
  paused: z.literal(true).optional(),
});
export type DeadlineStep = z.infer<typeof DeadlineStep>;

export const listWorkingDays = route({
  method: 'GET',
  path: '/api/working-days',
  access: 'calendar.read',
  summary: 'Every day of one year: works or not, and why.',
  query: z.object({ year: z.coerce.number().int().min(2000).max(2100) }),
  reply: z.object({
    days: z.array(WorkingDay),
    /** False when the State Council's arrangement for the year is not in the table: weekends only are known. */
    complete: z.boolean(),
  }),
});

export const setWorkingDay = route({
  method: 'PUT',
  path: '/api/working-days/:day',
  access: 'calendar.manage',
  summary: 'Mark a day as working or not; deadlines of open cases are derived anew.',
  params: z.object({ day: z.iso.date() }),
  body: z.object({ works: z.boolean(), name: z.string().trim().max(40) }),
  reply: z.object({ casesMoved: z.number().int() }),
});

export const clearWorkingDay = route({
  method: 'DELETE',
  path: '/api/working-days/:day',
  access: 'calendar.manage',
  summary: 'Forget what was set by hand; the weekday rule or the seed holds again.',
  params: z.object({ day: z.iso.date() }),
  reply: z.object({ casesMoved: z.number().int() }),
});
