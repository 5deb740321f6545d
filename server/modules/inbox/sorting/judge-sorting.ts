/** How well the model does on the bureau's own corrections: each is judged by a model that has not seen it. */

import { foldForLearning } from '#server/base/text/learn/fold.ts';
import type { MessageModel, SortedMessage } from '#server/base/text/message-model.ts';
import type { SortingReport } from '#shared/insight.ts';

const folds = 4;
/** Of a handful nothing can be said. */
const least = 20;

export function judgeSorting(
  sorted: readonly SortedMessage[],
  train: (own: readonly SortedMessage[]) => Pick<MessageModel, 'predict'>,
): SortingReport {
  const field = createTally<string>();
  const kind = createTally<SortedMessage['kind']>();
  const foldsOf = sorted.map(({ text }) => foldOf(text));
  const judged = sorted.length < least ? 0 : sorted.length;
  for (let fold = 0; judged > 0 && fold < folds; fold += 1) {
    const unseen = sorted.filter((_, at) => foldsOf[at] === fold);
    if (unseen.length === 0) continue;
    const model = train(sorted.filter((_, at) => foldsOf[at] !== fold));
    for (const one of unseen) {
      const reading = model.predict(one.text);
      if (one.field !== null) field.add(one.field, reading.field, reading.automatic);
      kind.add(one.kind, reading.kind, reading.kindAutomatic);
    }
  }
  return { judged, field: field.report(), kind: kind.report() };
}

function createTally<Label extends string>() {
  const counts = new Map<string, { said: Label; model: Label; count: number }>();
  let automatic = 0;
  let automaticRight = 0;
  return {
    add(said: Label, model: Label, isAutomatic: boolean): void {
      const key = `${said}\n${model}`;
      const cell = counts.get(key) ?? { said, model, count: 0 };
      cell.count += 1;
      counts.set(key, cell);
      if (isAutomatic) automatic += 1;
      if (isAutomatic && said === model) automaticRight += 1;
    },
    report() {
      const confusion = [...counts.values()].sort((a, b) => b.count - a.count);
      const sum = (cells: typeof confusion) => cells.reduce((total, { count }) => total + count, 0);
      const right = sum(confusion.filter(({ said, model }) => said === model));
      return { automatic, automaticRight, right, judged: sum(confusion), confusion };
    },
  };
}

/** What begins alike is judged together: a copy must not vouch for itself. */
function foldOf(text: string): number {
  let hash = 7;
  for (const unit of foldForLearning(text).slice(0, 24)) hash = (hash * 31 + unit.charCodeAt(0)) >>> 0;
  return hash % folds;
}
