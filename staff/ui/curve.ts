/** Where the points of a small chart lie. Pure. */
export type CurvePoint = { at: string; value: number };
export type Box = { width: number; height: number; left: number; right: number; top: number; bottom: number };

const most = 4;

/** Round steps, at most four above the lowest; counts are whole, so that no step is smaller than one. */
export function ticksOf(low: number, high: number): number[] {
  const raw = Math.max(1, (high - low) / most);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(1, [1, 2, 5, 10].find((factor) => factor * power >= raw)! * power);
  const first = Math.floor(low / step) * step;
  const ticks = [first];
  while (ticks.at(-1)! < high || ticks.length < 2) ticks.push(ticks.at(-1)! + step);
  return ticks;
}

/** The axis of time is even: a week without a reading is as wide as one with seven. */
export function layOut(points: readonly CurvePoint[], box: Box, fromZero: boolean) {
  const values = points.map(({ value }) => value);
  const ticks = ticksOf(fromZero ? 0 : Math.min(...values), Math.max(...values));
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  const times = points.map(({ at }) => Date.parse(at));
  const [start, span] = [Math.min(...times), Math.max(...times) - Math.min(...times)];
  const wide = box.width - box.left - box.right;
  const tall = box.height - box.top - box.bottom;
  const y = (value: number) => round(box.top + tall * (1 - (value - low) / (high - low)));
  const x = (time: number) => round(box.left + wide * (span === 0 ? 0.5 : (time - start) / span));
  const dots = points.map((point, index) => ({ ...point, x: x(times[index]!), y: y(point.value) }));
  return {
    dots,
    line: dots.map((dot, index) => `${index === 0 ? 'M' : 'L'}${dot.x} ${dot.y}`).join(''),
    ticks: ticks.map((value) => ({ value, y: y(value) })),
  };
}

const round = (value: number) => Math.round(value * 10) / 10;
