/** What every bench is: a function that measures something beside its limit or peer, in one run on one machine. */
import { cpus, totalmem } from 'node:os';

export type BenchOptions = {
  /** `--name value` and `--flag` after the bench's name. */
  arguments: ReadonlyMap<string, string>;
  /** Progress for people; never on stdout. */
  say(line: string): void;
};

export type BenchResult = {
  name: string;
  /** Ours over the limit or the peer, measured in the same run: machines are noisy, ratios hold. Null without one. */
  ratio: number | null;
  /** Numbers by the keys that scripts read. */
  figures: Readonly<Record<string, unknown>>;
  /** How many were tried, for whoever sums up promises. */
  tried?: number;
  /** Goals, where there are any: what is wanted of a figure or of `ratio`. */
  limits?: Readonly<Record<string, { atLeast?: number; atMost?: number }>>;
};

export type Bench = { run(options: BenchOptions): Promise<BenchResult> };

export type Machine = { cores: number; cpu: string; memory_gb: number; node: string; platform: string };

export function describeMachine(): Machine {
  const list = cpus();
  return {
    cores: list.length,
    cpu: list[0]?.model.trim() ?? 'unknown',
    memory_gb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
  };
}

/** The value that a share of the sorted numbers does not exceed; NaN of nothing. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
