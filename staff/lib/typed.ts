import { useDeferredValue, useState } from 'react';

/** What stands in a search box, and what is searched for: without blanks, and behind the typing when that is fast. */
export function useTyped(): { typed: string; setTyped: (typed: string) => void; search: string } {
  const [typed, setTyped] = useState('');
  return { typed, setTyped, search: useDeferredValue(typed.trim()) };
}
