/** From the scores of machines to a probability of being right, and to the score from which a class may be given alone. */

export type Judged = { /** Best score less the second best. */ lead: number; right: boolean };

/** P(right) = 1 / (1 + exp(−(slope × lead + offset))), Platt 1999 with his smoothed targets, by Newton's method. */
export type Calibration = { slope: number; offset: number };

export function calibrate(judged: readonly Judged[]): Calibration {
  const rights = judged.filter(({ right }) => right).length;
  const targets = { right: (rights + 1) / (rights + 2), wrong: 1 / (judged.length - rights + 2) };
  let [slope, offset] = [1, 0];
  for (let round = 0; round < 50; round += 1) {
    let [g0, g1, h00, h01, h11] = [1e-6 * slope, 0, 1e-6, 0, 1e-6];
    for (const { lead, right } of judged) {
      const p = 1 / (1 + Math.exp(-(slope * lead + offset)));
      const wrong = p - (right ? targets.right : targets.wrong);
      const spread = p * (1 - p);
      g0 += wrong * lead;
      g1 += wrong;
      h00 += spread * lead * lead;
      h01 += spread * lead;
      h11 += spread;
    }
    const determinant = h00 * h11 - h01 * h01;
    const [stepSlope, stepOffset] = [
      (h11 * g0 - h01 * g1) / determinant,
      (h00 * g1 - h01 * g0) / determinant,
    ];
    slope -= stepSlope;
    offset -= stepOffset;
    if (Math.abs(stepSlope) + Math.abs(stepOffset) < 1e-9) break;
  }
  return { slope, offset };
}

export const confidenceOf = ({ slope, offset }: Calibration, lead: number): number =>
  1 / (1 + Math.exp(-(slope * lead + offset)));

/**
 * The judged were judged by machines that had seen seven eighths of the examples; the machine that is used has seen all and is
 * right this much more often (nested cross-validation on 3,235 messages, docs/understanding.md).
 */
const gainOfAll = 0.004;

/**
 * The lowest lead from which at least `precision` are expected to be right; infinite when there is none. Counted by the
 * calibrated curve and not by the single texts: which of them happen to lie near the end is chance. Of a handful of texts
 * nothing is promised.
 */
export function leadForPrecision(
  judged: readonly Judged[],
  calibration: Calibration,
  precision: number,
): number {
  let expected = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (const [index, { lead }] of judged.toSorted((a, b) => b.lead - a.lead).entries()) {
    expected += confidenceOf(calibration, lead);
    if (index >= 19 && expected / (index + 1) >= precision - gainOfAll) lowest = lead;
  }
  return lowest;
}
