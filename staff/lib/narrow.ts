import { useSyncExternalStore } from 'react';

const query = window.matchMedia('(max-width: 767px)');

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** Phones get a bottom bar and one column. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}
