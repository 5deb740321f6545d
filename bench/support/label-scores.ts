/** The usual figures of a classifier, from what it said and what was true. */
import type { Prediction } from '#server/base/text/classifier.ts';

export type LabelScores = {
  macroF1: number;
  weightedF1: number;
  /** Share that the model gave as automatic by its own threshold, and how many of these were right. */
  autoShare: number;
  autoPrecision: number;
  /** The largest share at 97 %, the threshold chosen with the truth in hand: what others publish. */
  hindsightShare: number;
  oursAccuracy: number;
};

export function judgeLabels(
  truth: readonly string[],
  said: readonly Prediction[],
  ours: string,
): LabelScores {
  const labels = [...new Set(truth)];
  const f1 = labels.map((label) => {
    let [both, wanted, given] = [0, 0, 0];
    truth.forEach((own, at) => {
      if (own === label) wanted += 1;
      if (said[at]!.label === label) given += 1;
      if (own === label && said[at]!.label === label) both += 1;
    });
    return { wanted, value: (2 * both) / Math.max(1, wanted + given) };
  });
  const right = (at: number) => said[at]!.label === truth[at];
  const count = truth.length;
  const automatic = truth.flatMap((_, at) => (said[at]!.automatic ? [at] : []));
  const bySureness = truth.map((_, at) => at).sort((a, b) => said[b]!.confidence - said[a]!.confidence);
  let [correct, hindsight] = [0, 0];
  bySureness.forEach((at, index) => {
    if (right(at)) correct += 1;
    if (correct / (index + 1) >= 0.97) hindsight = index + 1;
  });
  return {
    macroF1: f1.reduce((sum, { value }) => sum + value, 0) / labels.length,
    weightedF1: f1.reduce((sum, { value, wanted }) => sum + value * wanted, 0) / count,
    autoShare: automatic.length / count,
    autoPrecision: automatic.length === 0 ? 1 : automatic.filter(right).length / automatic.length,
    hindsightShare: hindsight / count,
    oursAccuracy: truth.filter((own, at) => (own === ours) === (said[at]!.label === ours)).length / count,
  };
}
