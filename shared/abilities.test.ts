import { expect, test } from 'vitest';
import {
  accountAbilityLabels,
  accountMetricLabels,
  captureLabels,
  grantLabels,
  metricLabels,
} from './abilities.ts';

test.each(
  Object.entries({ accountAbilityLabels, accountMetricLabels, captureLabels, grantLabels, metricLabels }),
)('no two of the %s read the same', (_, labels) => {
  for (const lang of ['zh', 'en'] as const) {
    const words = Object.values(labels).map((label) => label[lang]);
    expect(new Set(words).size).toBe(words.length);
    expect(words).not.toContain('');
  }
});
