/** Rows of a form that were begun and not added: saving the page would leave them out without a word. */
import { createContext, useContext, useEffect } from 'react';

export const HalfFilled = createContext<(part: string, begun: boolean) => void>(() => undefined);

/** @param part as it is named to people */
export function useHalfFilled(part: string, begun: boolean): void {
  const report = useContext(HalfFilled);
  useEffect(() => {
    report(part, begun);
    return () => report(part, false);
  }, [report, part, begun]);
}
