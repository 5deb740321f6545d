import { useCallback, useState } from 'react';
import { readLocal, removeLocal, writeLocal } from './local-store.ts';

/** A text field that survives reloads, crashes and lost sessions: kept on this computer until `forget`. */
export function useKeptText(key: string): {
  text: string;
  setText: (text: string) => void;
  forget: () => void;
  restored: boolean;
} {
  const kept = useKeptValue<string>(key, '', (value) => typeof value === 'string');
  return { text: kept.value, setText: kept.setValue, forget: kept.forget, restored: kept.restored };
}

/** The same for any plain value; `fits` guards against what an older version left behind. */
export function useKeptValue<T>(key: string, empty: T, fits: (value: unknown) => boolean) {
  const [initial] = useState(() => {
    const stored = readLocal(key);
    return stored !== null && fits(stored) ? (stored as T) : null;
  });
  // The caller may pass a fresh literal at each render; its first form serves.
  const [blank] = useState(empty);
  const [value, set] = useState<T>(initial ?? empty);
  const setValue = useCallback(
    (next: T) => {
      set(next);
      writeLocal(key, next);
    },
    [key],
  );
  const forget = useCallback(() => {
    set(blank);
    removeLocal(key);
  }, [key, blank]);
  return { value, setValue, forget, restored: initial !== null };
}
