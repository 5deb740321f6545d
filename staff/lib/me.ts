import { createContext, useContext } from 'react';
import type { Me, Permission } from '#shared/people.ts';

export const MeContext = createContext<Me | null>(null);

/** Who is signed in; only inside the guarded part of the app. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === null) throw new Error('useMe outside the guarded part');
  return me;
}

export function useMay(permission: Permission): boolean {
  return useMe().permissions.includes(permission);
}
