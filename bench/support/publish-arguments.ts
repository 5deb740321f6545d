/** @throws {Error} for anything but a positive whole number */
export function readNumber(given: ReadonlyMap<string, string>, name: string, usual: number): number {
  const value = Number(given.get(name) ?? usual);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} 应为正整数 / must be a positive whole number`);
}
