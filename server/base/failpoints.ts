/**
 * Named crash points for the fault tests. `HUISHENG_FAILPOINTS=submit.committed=kill` ends the process there with
 * SIGKILL, as a power cut would; `=pause` waits for ever, as a stalled process does. Empty in earnest: the check is one look at a
 * constant.
 */
export type Failpoints = { hit(name: string): Promise<void> };

export const noFailpoints: Failpoints = { hit: async () => undefined };

/** @param text `name=kill[@n]`, comma separated; with `@n` the n-th hit kills */
export function readFailpoints(text: string): Failpoints {
  if (!text) return noFailpoints;
  const armed = new Map<string, { action: string; countdown: number }>();
  for (const part of text.split(',')) {
    const match = /^([\w.-]+)=(kill|pause)(?:@(\d+))?$/.exec(part.trim());
    if (!match) throw new Error(`bad failpoint: ${part}`);
    armed.set(match[1]!, { action: match[2]!, countdown: Number(match[3] ?? 1) });
  }
  return {
    async hit(name) {
      const point = armed.get(name);
      if (!point) return;
      point.countdown -= 1;
      if (point.countdown !== 0) return;
      if (point.action === 'kill') process.kill(process.pid, 'SIGKILL');
      await new Promise(() => undefined);
    },
  };
}
