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
 * The lowest lead from which at least `precision` of the judged are right; infinite when there is none. Of a handful of
 * texts nothing is promised.
 */
export function leadForPrecision(judged: readonly Judged[], precision: number): number {
  const sorted = judged.toSorted((a, b) => b.lead - a.lead);
  let right = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (const [index, one] of sorted.entries()) {
    if (one.right) right += 1;
    if (index >= 19 && right / (index + 1) >= precision) lowest = one.lead;
  }
  return lowest;
}
