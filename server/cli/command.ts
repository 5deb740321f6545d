/** What every command is made of: its options, its words, its end. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { AppError } from '#server/base/app-error.ts';
import type { Config } from '#server/config.ts';
import { errorBody } from '#shared/errors.ts';
import type { Text } from '#shared/lang.ts';

export const exitCodes = { ok: 0, failed: 1, usage: 2, configuration: 78 } as const;

export type Context = {
  config: Config;
  /** Results: standard output, and nothing else goes there. */
  print(line: string): void;
  /** What is being done, warnings: standard error. */
  note(line: string): void;
};

/** @returns the exit code; null: it goes on by itself (serve) */
export type Run = (args: readonly string[], context: Context) => Promise<number | null>;

/** The command line itself is wrong: shown with the command's help in mind, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const both = ({ zh, en }: Text): string => `${zh} / ${en}`;

/** @throws {UsageError} for an option that does not exist or lacks its value */
export function parse<const T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`参数有误 / wrong arguments: ${(error as Error).message}`);
  }
}

export function need(value: string | undefined, option: string): string {
  if (value) return value;
  throw new UsageError(`缺少 ${option} / ${option} is needed`);
}

/** @throws {UsageError} when a word is left over, so that a typing error is not passed over */
export function refuseWords(words: readonly string[]): void {
  if (words.length > 0)
    throw new UsageError(`多余的参数：${words.join(' ')} / not understood: ${words.join(' ')}`);
}

/** One sentence or two for a person at a terminal; no stack, and never an address with its password. */
export function describeError(error: unknown): string {
  if (error instanceof AppError) {
    const cause = error.cause instanceof Error ? ` (${describeError(error.cause)})` : '';
    return both(errorBody(error.code, error.details).message) + cause;
  }
  if (error instanceof AggregateError && error.errors.length > 0) return describeError(error.errors[0]);
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replace(/(postgres(?:ql)?:\/\/[^:/@\s]+):[^@\s]+@/g, '$1:***@');
}

/** Columns aligned for the eye: Chinese characters are two places wide. */
export function alignTable(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, widthOf(cell));
    });
  return rows.map((row) =>
    row
      .map((cell, at) => cell + ' '.repeat(widths[at]! - widthOf(cell)))
      .join('  ')
      .trimEnd(),
  );
}

function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += /[⺀-鿿가-힯豈-﫿︰-﹏＀-｠]/u.test(character) ? 2 : 1;
  return width;
}
