/** The platforms' common clock: real time plus what tests have advanced it by. It never runs backwards. */
export type SandboxClock = {
  /** Epoch milliseconds. */
  now(): number;
  advance(ms: number): void;
};

export type AdvancedBy = { ms: number };

export function createClock(advanced: AdvancedBy, moved: () => void): SandboxClock {
  return {
    now: () => Date.now() + advanced.ms,
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0)
        throw new RangeError('时钟只能向前拨。The clock only moves forward.');
      advanced.ms += ms;
      moved();
    },
  };
}
