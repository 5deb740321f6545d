import type { Text } from '#shared/lang.ts';

export type Level = 'ok' | 'warn' | 'fail';
/** What `doctor` found out about one thing. `todo`: what to do about it; null where nothing is to be done. */
export type Finding = { id: string; level: Level; text: Text; todo: Text | null };

export const finding = (id: string, level: Level, words: Text, todo: Text | null = null): Finding => ({
  id,
  level,
  text: words,
  todo,
});
