/**
 * Scripted misbehaviour. `accept` says whether the platform does the work before it misbehaves: an answer lost
 * after acceptance and one lost before look the same to the caller, and only the ledger knows.
 */
import { z } from 'zod';

const accept = z.boolean().default(false);

export const Fault = z.discriminatedUnion('kind', [
  /** An HTTP status with an optional body (JSON unless it is a string). */
  z.object({
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    accept,
  }),
  /** The socket is destroyed without an answer. */
  z.object({ kind: z.literal('lose-answer'), accept }),
  /** Nothing more comes: before the headers, or in the middle of the body. `ms` later the socket is destroyed. */
  z.object({
    kind: z.literal('stall'),
    at: z.enum(['headers', 'body']),
    ms: z.int().positive().default(120_000),
    accept,
  }),
  /** A web page in a 200, as gateways in front of a platform send it. */
  z.object({ kind: z.literal('html'), accept }),
  /** JSON cut off in the middle, in a complete HTTP answer. */
  z.object({ kind: z.literal('truncate'), accept }),
  /** Any envelope of the platform's own, e.g. `{errcode: 45009}`. */
  z.object({ kind: z.literal('answer'), body: z.unknown(), accept }),
  /** The normal answer, later. */
  z.object({ kind: z.literal('slow'), ms: z.int().positive() }),
]);
export type Fault = z.infer<typeof Fault>;

export const ArmFault = z.object({
  platform: z.string().min(1),
  /** Prefix or any part of the API path with its query, e.g. `/cgi-bin/freepublish/submit`. */
  path: z.string().min(1),
  times: z.int().min(1).max(100_000).default(1),
  /** Calls that match are let through this many times first. */
  after: z.int().min(0).default(0),
  fault: Fault,
});
export type ArmFault = z.input<typeof ArmFault>;

type ArmedFault = z.infer<typeof ArmFault> & { id: number; left: number; skip: number };
type FiredFault = { id: number; at: string; platform: string; path: string; fault: Fault };

export type Faults = {
  arm(fault: ArmFault): ArmedFault;
  /** The fault for this call, counted as fired; undefined when the call is to go well. */
  take(platform: string, path: string): Fault | undefined;
  list(): { armed: ArmedFault[]; fired: FiredFault[] };
  clear(): void;
};

/** Faults live in memory only: a restarted platform is a healthy one. */
export function createFaults(now: () => number): Faults {
  let armed: ArmedFault[] = [];
  let fired: FiredFault[] = [];
  let nextId = 1;
  return {
    arm(input) {
      const fault = ArmFault.parse(input);
      const entry = { ...fault, id: nextId++, left: fault.times, skip: fault.after };
      armed.push(entry);
      return entry;
    },
    take(platform, path) {
      const entry = armed.find(
        (candidate) => candidate.left > 0 && candidate.platform === platform && path.includes(candidate.path),
      );
      if (!entry) return undefined;
      if (entry.skip > 0) {
        entry.skip -= 1;
        return undefined;
      }
      entry.left -= 1;
      fired.push({ id: entry.id, at: new Date(now()).toISOString(), platform, path, fault: entry.fault });
      armed = armed.filter((candidate) => candidate.left > 0);
      return entry.fault;
    },
    list: () => ({ armed: [...armed], fired: [...fired] }),
    clear() {
      armed = [];
      fired = [];
    },
  };
}
