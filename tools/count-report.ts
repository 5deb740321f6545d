/** Counts what vitest's JSON reporter wrote. Nothing that went wrong may count as nothing. */
import { z } from 'zod';

export type Tally = { passed: number; failed: number };

const Report = z.object({
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

/**
 * @param text null when no report was written
 * @param code exit code of the run; null when it was killed
 */
export function countReport(text: string | null, code: number | null): Tally {
  const tally = { passed: 0, failed: 0 };
  for (const file of readReport(text)?.testResults ?? []) {
    const passed = file.assertionResults.filter((one) => one.status === 'passed').length;
    const failed = file.assertionResults.length - passed;
    tally.passed += passed;
    // A file that does not load, or fails before or after its tests, has no failed test to show for it.
    tally.failed += failed === 0 && (file.status !== 'passed' || passed === 0) ? 1 : failed;
  }
  // An error outside every test, a global set-up that failed, or no report at all.
  const silent = tally.failed === 0 && (code !== 0 || tally.passed === 0);
  return silent ? { ...tally, failed: 1 } : tally;
}

function readReport(text: string | null): z.infer<typeof Report> | null {
  try {
    return Report.parse(JSON.parse(text ?? ''));
  } catch {
    return null;
  }
}
