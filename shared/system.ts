import { z } from 'zod';
import { route } from './route.ts';

export const AuditEntry = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  actorName: z.string(),
  action: z.string(),
  subjectKind: z.string(),
  subjectId: z.string(),
  detail: z.record(z.string(), z.unknown()),
  /** Place in the sealed chain; null while the sealer has not reached it. */
  seq: z.number().int().nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const listAudit = route({
  method: 'GET',
  path: '/api/audit',
  access: 'audit.read',
  summary: 'The audit log, newest first; 100 a page.',
  query: z.object({
    subjectKind: z.string().max(40).optional(),
    subjectId: z.string().max(80).optional(),
    cursor: z.uuid().optional(),
  }),
  reply: z.object({ rows: z.array(AuditEntry), next: z.string().nullable() }),
});

export const Health = z.object({
  workers: z.array(z.object({ processId: z.string(), roles: z.array(z.string()), seenAt: z.iso.datetime() })),
  workerAlive: z.boolean(),
  oldestDue: z.iso.datetime().nullable(),
  unknown: z.number().int(),
  pushesWaiting: z.number().int(),
  /** From the acknowledged push to the case on the desk, the last two hundred messages of the last day; null: none came. */
  pushLag: z.object({ p50Ms: z.number(), p95Ms: z.number(), messages: z.number().int() }).nullable(),
  /** Posts ordered away that still stand, and tasks of people that are open. */
  withdrawalsOpen: z.number().int(),
  tasksOpen: z.number().int(),
  /** Accounts of the bureau whose calls wait now: a limit, or a breaker after failures. */
  holds: z.array(
    z.object({ accountId: z.uuid(), accountName: z.string(), until: z.iso.datetime(), reason: z.string() }),
  ),
  /** The grant that ends first among those that end soon. */
  nextGrantEnd: z.object({ accountName: z.string(), end: z.iso.datetime() }).nullable(),
  /** Set when the clock jumped and automatic publishing paused. */
  clockAlarm: z.boolean(),
});
export type Health = z.infer<typeof Health>;

export const getHealth = route({
  method: 'GET',
  path: '/api/health',
  access: 'session',
  tokens: true,
  summary: 'The health line of the desk.',
  reply: Health,
});

/** Server-Sent Events: `event: changed`, data `{"topics": ["deliveries", …]}`; clients refetch those. */
export const liveTopics = [
  'articles',
  'reviews',
  'deliveries',
  'cases',
  'accounts',
  'working-days',
  'notices',
  'media',
  'insight',
] as const;
export type LiveTopic = (typeof liveTopics)[number];
export const livePath = '/api/live';
