/** The stand-in's memory: plain JSON, one object per account. Times are epoch milliseconds of the sandbox clock. */
import type { World } from '../core/world.ts';

export const PLATFORM = 'kuaishou';

export type Work = { photoId: string; caption: string; picture: string; at: number };

export type KuaishouAccount = {
  openId: string;
  name: string;
  appId: string;
  appSecret: string;
  push: { url: string } | null;
  works: Work[];
};

export type KuaishouState = { nextId: number; accounts: Record<string, KuaishouAccount> };

export const stateOf = (world: World): KuaishouState =>
  world.state<KuaishouState>(PLATFORM, { nextId: 1, accounts: {} });

/** Works begin with `3x`; these say that they are none. */
export function newId(world: World, prefix: string): string {
  world.changed();
  return `${prefix}${String(stateOf(world).nextId++).padStart(6, '0')}`;
}
