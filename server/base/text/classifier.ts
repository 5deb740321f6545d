/**
 * Learns from messages that people have sorted which class a new one belongs to, how sure that is, and which words decided.
 * Linear machines over character n-grams: no network, no GPU, no Python; retraining takes seconds, so it is simply done anew.
 */
import { Buffer } from 'node:buffer';
import {
  type Calibration,
  calibrate,
  confidenceOf,
  type Judged,
  leadForPrecision,
} from './learn/calibrate.ts';
import { decidingWords, type Word } from './learn/explain.ts';
import {
  buildVocabulary,
  type Counts,
  countGrams,
  openVocabulary,
  toVector,
  type Vector,
  type Vocabulary,
} from './learn/features.ts';
import { foldForLearning } from './learn/fold.ts';
import { trainMachine } from './learn/svm.ts';

export type Example = {
  title: string;
  detail: string;
  label: string;
  /** How much it counts beside the others; 1 unless said. */
  weight?: number;
};

export type Prediction = {
  label: string;
  /** Probability that the label is right, by cross-validation on the examples. */
  confidence: number;
  /** Sure enough to be given without a person. */
  automatic: boolean;
  /** Every label, the likeliest first. */
  ranked: { label: string; score: number }[];
};

export type TextModel = {
  labels: readonly string[];
  predict(title: string, detail: string): Prediction;
  /** The stretches of the text that spoke for the label against the next likely one, the weightiest first. */
  explain(title: string, detail: string): Word[];
  toBuffer(): Buffer;
};

export type TrainOptions = {
  /** Wanted share of right ones among those given automatically. */
  precision?: number;
};

/** Chosen by five-fold cross-validation on 3,235 messages; see docs/understanding.md. */
const settings = { cost: 5, epochs: 12, titleWeight: 6, headUnits: 40, headWeight: 0.5, folds: 8 };
/** The opening is a view of its own: its n-grams are told apart by this mark. */
const headMark = 0x5bd1e995;

/** At least two labels are needed. @throws RangeError when there is only one */
export function trainTextModel(
  examples: readonly Example[],
  { precision = 0.97 }: TrainOptions = {},
): TextModel {
  const labels = [...new Set(examples.map(({ label }) => label))].sort();
  if (labels.length < 2) throw new RangeError('a classifier needs examples of at least two labels');
  const views = examples.map(({ title, detail }) => viewsOf(title, detail));
  const all = examples.map((_, at) => at);
  const judged = judgeByFolds(examples, views, labels);
  const calibration = calibrate(judged);
  const machines = trainMachines(examples, views, labels, all);
  return makeModel({
    labels,
    ...machines,
    calibration,
    automaticLead: leadForPrecision(judged, calibration, precision),
  });
}

type Views = { whole: Counts; head: Counts };

function viewsOf(title: string, detail: string): Views {
  const folded = { title: foldForLearning(title), detail: foldForLearning(detail) };
  const head = countGrams([
    { folded: folded.title || folded.detail.slice(0, settings.headUnits), weight: 1 },
  ]);
  const marked = head.hashes.map((hash) => hash ^ headMark);
  return {
    whole: countGrams([
      { folded: folded.title, weight: settings.titleWeight },
      { folded: folded.detail, weight: 1 },
    ]),
    head: { hashes: marked, counts: head.counts },
  };
}

type Machines = {
  whole: Vocabulary;
  head: Vocabulary;
  /** One weight a place and label, labels side by side. */
  weights: Float32Array;
};

function trainMachines(
  examples: readonly Example[],
  views: readonly Views[],
  labels: readonly string[],
  chosen: readonly number[],
): Machines {
  // Of few messages every n-gram counts; of many, those that stand in several.
  const least = chosen.length < 1_000 ? 1 : chosen.length < 2_000 ? 2 : 4;
  const whole = buildVocabulary(
    chosen.map((at) => views[at]!.whole),
    least,
  );
  const head = buildVocabulary(
    chosen.map((at) => views[at]!.head),
    Math.min(2, least),
  );
  const vectors = chosen.map((at) => joinViews(views[at]!, whole, head));
  const size = whole.hashes.length + head.hashes.length;
  const costs = Float64Array.from(chosen, (at) => settings.cost * (examples[at]!.weight ?? 1));
  const weights = new Float32Array(size * labels.length);
  for (const [index, label] of labels.entries()) {
    const positive = Uint8Array.from(chosen, (at) => (examples[at]!.label === label ? 1 : 0));
    const machine = trainMachine(vectors, positive, costs, size, settings);
    for (let place = 0; place < size; place += 1) weights[place * labels.length + index] = machine[place]!;
  }
  return { whole, head, weights };
}

/** Both views side by side, together of length one. */
function joinViews({ whole, head }: Views, wholeWords: Vocabulary, headWords: Vocabulary): Vector {
  const [first, second] = [toVector(whole, wholeWords), toVector(head, headWords)];
  const share = 1 / Math.hypot(1, settings.headWeight);
  const at = new Int32Array(first.at.length + second.at.length);
  const weight = new Float32Array(at.length);
  at.set(first.at);
  at.set(
    second.at.map((place) => place + wholeWords.hashes.length),
    first.at.length,
  );
  weight.set(first.weight.map((value) => value * share));
  weight.set(
    second.weight.map((value) => value * share * settings.headWeight),
    first.at.length,
  );
  return { at, weight };
}

/** Every example judged by machines that have not seen it nor a copy of it. */
function judgeByFolds(
  examples: readonly Example[],
  views: readonly Views[],
  labels: readonly string[],
): Judged[] {
  const folds = examples.map(foldOf);
  const judged: Judged[] = [];
  for (let fold = 0; fold < settings.folds; fold += 1) {
    const seen = examples.flatMap((_, at) => (folds[at] === fold ? [] : [at]));
    if (new Set(seen.map((at) => examples[at]!.label)).size < 2) continue;
    const machines = trainMachines(examples, views, labels, seen);
    for (const [at, { label }] of examples.entries()) {
      if (folds[at] !== fold) continue;
      const scores = scoresOf(
        joinViews(views[at]!, machines.whole, machines.head),
        machines.weights,
        labels.length,
      );
      const [best, next] = bestTwo(scores);
      judged.push({ lead: scores[best]! - scores[next]!, right: labels[best] === label });
    }
  }
  return judged;
}

/** Copies begin alike, so they share a fold: the same complaint sent twice must not vouch for itself. */
function foldOf({ title, detail }: Example): number {
  let hash = 17;
  for (const unit of foldForLearning(detail || title).slice(0, 24))
    hash = Math.imul(hash ^ unit.charCodeAt(0), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % settings.folds;
}

function scoresOf({ at, weight }: Vector, weights: Float32Array, count: number): Float64Array {
  const scores = new Float64Array(count);
  for (let k = 0; k < at.length; k += 1) {
    const from = at[k]! * count;
    for (let label = 0; label < count; label += 1) scores[label]! += weights[from + label]! * weight[k]!;
  }
  return scores;
}

function bestTwo(scores: Float64Array): [number, number] {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
  return [order[0]!, order[1]!];
}

type Parts = Machines & { labels: readonly string[]; calibration: Calibration; automaticLead: number };

function makeModel(parts: Parts): TextModel {
  const { labels, whole, head, weights, calibration, automaticLead } = parts;
  const read = (title: string, detail: string) => joinViews(viewsOf(title, detail), whole, head);
  return {
    labels,
    predict(title, detail) {
      const scores = scoresOf(read(title, detail), weights, labels.length);
      const [best, next] = bestTwo(scores);
      const lead = scores[best]! - scores[next]!;
      const ranked = labels.map((label, at) => ({ label, score: scores[at]! }));
      return {
        label: labels[best]!,
        confidence: confidenceOf(calibration, lead),
        automatic: lead >= automaticLead,
        ranked: ranked.sort((a, b) => b.score - a.score),
      };
    },
    explain(title, detail) {
      const [best, next] = bestTwo(scoresOf(read(title, detail), weights, labels.length));
      const weigh = (hash: number) => {
        const place = whole.find(hash);
        if (place === -1) return 0;
        const from = place * labels.length;
        return (weights[from + best]! - weights[from + next]!) * whole.idf[place]!;
      };
      return decidingWords({ title, detail }, weigh);
    },
    toBuffer: () => writeModel(parts),
  };
}

/** Header as JSON with its length before it; then the n-grams, their frequencies and the weights, little-endian. */
function writeModel({ labels, whole, head, weights, calibration, automaticLead }: Parts): Buffer {
  let largest = 0;
  for (const weight of weights) largest = Math.max(largest, Math.abs(weight));
  const step = largest / 32_767 || 1;
  const sizes = [whole.hashes.length, head.hashes.length];
  const lead = Number.isFinite(automaticLead) ? automaticLead : null;
  const header = Buffer.from(JSON.stringify({ version: 1, labels, sizes, step, calibration, lead }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const bytes = (array: Uint32Array | Float32Array | Int16Array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  const small = Int16Array.from(weights, (weight) => Math.round(weight / step));
  return Buffer.concat([
    length,
    header,
    ...[whole.hashes, head.hashes, whole.idf, head.idf, small].map(bytes),
  ]);
}

/** @throws SyntaxError or RangeError when the buffer is none of ours */
export function openTextModel(buffer: Buffer): TextModel {
  let from = 4 + buffer.readUInt32LE(0);
  const { labels, sizes, step, calibration, lead } = JSON.parse(buffer.subarray(4, from).toString()) as {
    labels: string[];
    sizes: [number, number];
    step: number;
    calibration: Calibration;
    lead: number | null;
  };
  const take = (bytes: number): ArrayBuffer => {
    if (from + bytes > buffer.length) throw new RangeError('the model is cut short');
    // A copy begins at an even place, which typed arrays need.
    const copy = new Uint8Array(buffer.subarray(from, from + bytes)).buffer;
    from += bytes;
    return copy;
  };
  const hashes = sizes.map((size) => new Uint32Array(take(size * 4)));
  const idf = sizes.map((size) => new Float32Array(take(size * 4)));
  const small = new Int16Array(take((sizes[0] + sizes[1]) * labels.length * 2));
  return makeModel({
    labels,
    whole: openVocabulary(hashes[0]!, idf[0]!),
    head: openVocabulary(hashes[1]!, idf[1]!),
    weights: Float32Array.from(small, (value) => value * step),
    calibration,
    automaticLead: lead ?? Number.POSITIVE_INFINITY,
  });
}
