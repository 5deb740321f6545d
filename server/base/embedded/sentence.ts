/** A refusal to start is read by a person at a terminal: Chinese first, English after, both saying what to do. */
export function refusal(zh: string, en: string, cause?: unknown): Error {
  return new Error(`${zh}\n${en}`, { cause });
}
