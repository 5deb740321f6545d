/**
 * Sorting citizens' messages: trained on `--train`, judged on `--test` (JSON lines `{id, label, title, detail}`), which is
 * read only after training. The threshold of automatic handling is chosen on the training part alone; beside its share
 * stands the precision that it had on the test. Without files an invented set of short messages is parted in two.
 */
import { type Example, openTextModel, trainTextModel } from '#server/base/text/classifier.ts';
import { seedMessages } from '#server/base/text/message-seeds.ts';
import { type BenchOptions, type BenchResult, round } from './support/bench.ts';
import { readRows } from './support/json-lines.ts';
import { judgeLabels } from './support/label-scores.ts';

const ours = '劳动和社会保障';

export async function run({ arguments: given, say }: BenchOptions): Promise<BenchResult> {
  const [trainFile, testFile] = [given.get('train'), given.get('test')];
  const invented = seedMessages.map(({ text, field }) => ({ title: '', detail: text, label: field }));
  const train = trainFile ? await readRows<Example>(trainFile) : invented.filter((_, at) => at % 4 !== 0);
  const began = performance.now();
  const trained = trainTextModel(train.map(tidy));
  const trainSeconds = (performance.now() - began) / 1000;
  const buffer = trained.toBuffer();
  const model = openTextModel(buffer);
  say(`模型 / model: ${round(buffer.length / 1e6)} MB, ${train.length} messages, ${round(trainSeconds)} s`);
  const test = testFile ? await readRows<Example>(testFile) : invented.filter((_, at) => at % 4 === 0);
  const cases = test.map(tidy);
  const start = performance.now();
  const predicted = cases.map(({ title, detail }) => model.predict(title, detail));
  const ms = (performance.now() - start) / cases.length;
  const truth = cases.map(({ label }) => label);
  const scores = judgeLabels(truth, predicted, ours);
  return {
    name: 'understand',
    ratio: null,
    figures: {
      macro_f1: round(scores.macroF1, 4),
      weighted_f1: round(scores.weightedF1, 4),
      auto_share_at_97: round(scores.autoShare, 4),
      auto_precision: round(scores.autoPrecision, 4),
      auto_share_by_hindsight: round(scores.hindsightShare, 4),
      ours_accuracy: round(scores.oursAccuracy, 4),
      train_s: round(trainSeconds, 2),
      ms_per_message: round(ms, 3),
    },
    limits: {
      macro_f1: { atLeast: 0.9 },
      auto_share_at_97: { atLeast: 0.78 },
      auto_precision: { atLeast: 0.97 },
      ours_accuracy: { atLeast: 0.97 },
      train_s: { atMost: 60 },
      ms_per_message: { atMost: 1 },
    },
  };
}

const tidy = ({ title, detail, label }: Example): Example => ({
  title: title ?? '',
  detail: detail ?? '',
  label,
});
