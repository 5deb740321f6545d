/**
 * Linear support vector machines by dual coordinate descent (Hsieh et al., ICML 2008, the method of LIBLINEAR), squared
 * hinge loss. One machine a class against the rest. Deterministic: the order of texts is shuffled by a fixed generator,
 * so that the same messages always give the same model.
 */
import type { Vector } from './features.ts';
import { seeded } from './seeded.ts';

export type SvmOptions = { epochs: number };

/**
 * @param costs what an error on each text costs; larger for classes with few texts and for what a person corrected
 * @returns one weight a place in the vocabulary
 */
export function trainMachine(
  vectors: readonly Vector[],
  positive: Uint8Array,
  costs: Float64Array,
  size: number,
  { epochs }: SvmOptions,
): Float32Array {
  const weights = new Float32Array(size);
  const count = vectors.length;
  const alpha = new Float64Array(count);
  const diagonal = costs.map((cost) => 1 / (2 * cost));
  const order = Int32Array.from({ length: count }, (_, index) => index);
  const random = seeded(20_240_601);
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, random);
    let largest = 0;
    for (const index of order) {
      const { at, weight } = vectors[index]!;
      const sign = positive[index] ? 1 : -1;
      let margin = 0;
      for (let k = 0; k < at.length; k += 1) margin += weights[at[k]!]! * weight[k]!;
      const gradient = sign * margin - 1 + diagonal[index]! * alpha[index]!;
      const projected = alpha[index] === 0 ? Math.min(gradient, 0) : gradient;
      if (projected === 0) continue;
      largest = Math.max(largest, Math.abs(projected));
      const before = alpha[index]!;
      // Vectors have length one (an empty one never moves anything).
      const next = Math.max(0, before - gradient / (1 + diagonal[index]!));
      const step = (next - before) * sign;
      alpha[index] = next;
      if (step !== 0) for (let k = 0; k < at.length; k += 1) weights[at[k]!]! += step * weight[k]!;
    }
    if (largest < 0.01) break;
  }
  return weights;
}

function shuffle(order: Int32Array, random: () => number): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    const kept = order[at]!;
    order[at] = order[other]!;
    order[other] = kept;
  }
}
