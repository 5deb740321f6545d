import { describe, expect, test } from 'vitest';
import { countReport } from './count-report.ts';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((one) => ({ status: one })),
});
const report = (...testResults: unknown[]) => JSON.stringify({ testResults });

describe('the count at the end of npm test', () => {
  test('adds up what passed and failed', () => {
    const text = report(file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed'));
    expect(countReport(text, 1)).toEqual({ passed: 3, failed: 1 });
    expect(countReport(report(file('passed', 'passed')), 0)).toEqual({ passed: 1, failed: 0 });
  });

  test('counts a skipped or unfinished test as failed', () => {
    expect(countReport(report(file('passed', 'passed', 'skipped')), 0)).toEqual({ passed: 1, failed: 1 });
    expect(countReport(report(file('passed', 'passed', 'todo')), 0)).toEqual({ passed: 1, failed: 1 });
  });

  test('counts a file that did not load, or failed around its tests', () => {
    expect(countReport(report(file('passed', 'passed'), file('failed')), 1)).toEqual({
      passed: 1,
      failed: 1,
    });
    expect(countReport(report(file('failed', 'passed')), 1)).toEqual({ passed: 1, failed: 1 });
    expect(countReport(report(file('passed', 'passed'), file('passed')), 0)).toEqual({
      passed: 1,
      failed: 1,
    });
  });

  test('counts an error outside every test, a killed run and a missing or broken report', () => {
    expect(countReport(report(file('passed', 'passed')), 1)).toEqual({ passed: 1, failed: 1 });
    expect(countReport(report(file('passed', 'passed')), null)).toEqual({ passed: 1, failed: 1 });
    expect(countReport(null, 0)).toEqual({ passed: 0, failed: 1 });
    expect(countReport('{', 1)).toEqual({ passed: 0, failed: 1 });
    expect(countReport(report(), 0)).toEqual({ passed: 0, failed: 1 });
  });
});
