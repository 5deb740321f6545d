/** NFKC, lower case, no white space and no mask stars: what was lost or hidden in transport must not make a difference. */
export function foldForLearning(text: string): string {
  return foldWithOrigin(text).folded;
}

const dropped = /[\s*]/;

/** The folded text and, for each of its units, where in the text it came from. */
export function foldWithOrigin(text: string): { folded: string; origin: number[] } {
  const origin: number[] = [];
  let folded = '';
  for (let at = 0; at < text.length; at += 1) {
    const unit = text[at]!;
    // Nearly all that citizens write: it stays as it is.
    const piece =
      unit >= '一' && unit <= '鿿' ? unit : dropped.test(unit) ? '' : unit.normalize('NFKC').toLowerCase();
    for (let k = 0; k < piece.length; k += 1) origin.push(at);
    folded += piece;
  }
  return { folded, origin };
}
