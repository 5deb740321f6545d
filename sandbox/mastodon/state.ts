/** The stand-in's memory: plain JSON. Times are epoch milliseconds of the sandbox clock. */
import { createHash } from 'node:crypto';
import type { World } from '../core/world.ts';

export const PLATFORM = 'mastodon';

export type Visibility = 'public' | 'unlisted' | 'private' | 'direct';

export type Person = { id: string; username: string; name: string; host: string | null };

export type Status = {
  id: string;
  /** Who wrote it: an account's or a person's id. */
  by: string;
  text: string;
  visibility: Visibility;
  language: string | null;
  inReplyTo: string | null;
  media: string[];
  at: number;
  favourites?: number;
  reblogs?: number;
};

export type Picture = {
  id: string;
  by: string;
  sha256: string;
  description: string;
  readyAt: number;
  /** Given once to a status; nobody may ask for it by itself after that. */
  statusId: string | null;
};

export type Token = { value: string; revoked: boolean; scopes: string[] };

export type MastodonAccount = {
  /** Also the user name. */
  key: string;
  id: string;
  name: string;
  tokens: Token[];
  /** Calls in five minutes. */
  callsPerWindow: number;
  used: { window: number; calls: number };
  /** How long a picture is processed; 0 answers 200 at once, as small pictures on some servers. */
  pictureDelayMs: number;
  /** How long an own status stays out of the account's list: a replica behind, a cache. */
  timelineDelayMs: number;
  /** By idempotency key. */
  remembered: Record<string, { statusId: string; until: number }>;
};

export type Limits = {
  characters: number;
  charactersPerLink: number;
  pictures: number;
  pictureBytes: number;
};

export type MastodonState = {
  nextId: number;
  limits: Limits;
  accounts: Record<string, MastodonAccount>;
  people: Record<string, Person>;
  statuses: Status[];
  /** Ids of statuses that their author deleted. */
  deleted?: string[];
  pictures: Picture[];
};

export const defaultLimits: Limits = {
  characters: 500,
  charactersPerLink: 23,
  pictures: 4,
  pictureBytes: 16 * 1024 * 1024,
};

export function stateOf(world: World): MastodonState {
  return world.state<MastodonState>(PLATFORM, {
    nextId: 1,
    limits: defaultLimits,
    accounts: {},
    people: {},
    statuses: [],
    pictures: [],
  });
}

/** Eighteen digits, as the real ones: more than a number of JavaScript holds. */
export function newId(world: World): string {
  world.changed();
  return `115000000${String(stateOf(world).nextId++).padStart(9, '0')}`;
}

/** The same nickname is the same person; everybody but the accounts lives on another server. */
export function personCalled(world: World, name: string): Person {
  const { people } = stateOf(world);
  const username = `u${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
  const known = Object.values(people).find((person) => person.username === username);
  if (known) return known;
  const person: Person = { id: newId(world), username, name, host: 'example.social' };
  people[person.id] = person;
  return person;
}

export const accountById = (world: World, id: string): MastodonAccount | undefined =>
  Object.values(stateOf(world).accounts).find((account) => account.id === id);

export const statusById = (world: World, id: string): Status | undefined =>
  stateOf(world).statuses.find((status) => status.id === id);

/** Everything below a status, oldest first. */
export function repliesUnder(world: World, id: string): Status[] {
  const inside = new Set([id]);
  const found: Status[] = [];
  for (const status of stateOf(world).statuses) {
    if (!status.inReplyTo || !inside.has(status.inReplyTo)) continue;
    inside.add(status.id);
    found.push(status);
  }
  return found;
}
