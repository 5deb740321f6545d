import { useCallback, useState } from 'react';
import { readLocal, removeLocal, writeLocal } from './local-store.ts';

/** A text field that survives reloads, crashes and lost sessions: kept on this computer until `forget`. */
export function useKeptText(key: string): { text: string; setText: (text: string) => void; forget: () => void; restored: boolean } {
  const kept = useKeptValue<string>(key, '', (value) => typeof value === 'string');
  return { text: kept.value, setText: kept.setValue, forget: kept.forget, restored: kept.restored };
}

/** The same for any plain value; `fits` guards against what an older version left behind. */
export function useKeptValue<T>(key: string, empty: T, fits: (value: unknown) => boolean) {
  const [initial] = useState(() => {
    const stored = readLocal(key);
    return stored !== null && fits(stored) ? (stored as T) : null;
  });
  const [value, set] = useState<T>(initial ?? empty);
  const setValue = useCallback(
    (next: T) => {
      set(next);
      writeLocal(key, next);
    },
    [key],
  );
  const forget = useCallback(() => {
    set(empty);
    removeLocal(key);
    // `empty` may be a fresh literal at each render; only its first form matters.
    // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  }, [key]);
  return { value, setValue, forget, restored: initial !== null };
}
