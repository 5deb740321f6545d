import { z } from 'zod';
import { route } from './route.ts';

const name = z.string().trim().min(1).max(40);
const Target = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('link'), url: z.url({ protocol: /^https?$/ }).max(1_000) }),
  z.object({ kind: z.literal('keyword'), key: z.string().trim().min(1).max(120) }),
]);
/** Without a target: something on the platform that cannot be made here; it must go before the menu is published. */
const MenuLeaf = z.object({ name, target: Target.nullable() });
/** A button opens something, or a list of buttons; never both. */
export const MenuButton = z.object({ name, target: Target.nullable(), entries: z.array(MenuLeaf).max(20) });
export type MenuButton = z.infer<typeof MenuButton>;

export type MenuLimits = { top: number; below: number; topBytes: number; belowBytes: number };

export type MenuProblem =
  | { kind: 'too-many'; limit: number }
  | { kind: 'too-many-below'; name: string; limit: number }
  | { kind: 'too-long'; name: string; used: number; limit: number }
  | { kind: 'no-target'; name: string };

/** UTF-8, as platforms count names. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** What the platform would refuse. */
export function findMenuProblems(buttons: readonly MenuButton[], limits: MenuLimits): MenuProblem[] {
  const problems: MenuProblem[] = [];
  const measure = (text: string, limit: number) => {
    const used = utf8Length(text);
    if (used > limit) problems.push({ kind: 'too-long', name: text, used, limit });
  };
  if (buttons.length > limits.top) problems.push({ kind: 'too-many', limit: limits.top });
  for (const button of buttons) {
    measure(button.name, limits.topBytes);
    if (button.entries.length > limits.below)
      problems.push({ kind: 'too-many-below', name: button.name, limit: limits.below });
    for (const leaf of button.entries) {
      measure(leaf.name, limits.belowBytes);
      if (leaf.target === null) problems.push({ kind: 'no-target', name: leaf.name });
    }
    if (button.entries.length === 0 && button.target === null)
      problems.push({ kind: 'no-target', name: button.name });
  }
  return problems;
}

const AccountParams = z.object({ accountId: z.uuid() });
const ok = z.object({ ok: z.literal(true) });
const Moment = z.iso.datetime().nullable();

export const AccountMenu = z.object({
  limits: z.object({
    top: z.number().int(),
    below: z.number().int(),
    topBytes: z.number().int(),
    belowBytes: z.number().int(),
  }),
  /** What is being written. */
  buttons: z.array(MenuButton),
  /** Grows with every save; a save names the one it began from. */
  revision: z.number().int(),
  /** What the worker was asked for and has not done yet. */
  asked: z.enum(['publish', 'read']).nullable(),
  /** What the platform shows, as read last; null while nobody looked. */
  published: z.array(MenuButton).nullable(),
  readAt: Moment,
  publishedAt: Moment,
  /** Why the last publishing or reading failed. */
  error: z.string().nullable(),
});
export type AccountMenu = z.infer<typeof AccountMenu>;

export const getAccountMenu = route({
  method: 'GET',
  path: '/api/accounts/:accountId/menu',
  access: 'account.manage',
  summary: 'The menu of an account: draft, what the platform shows, limits.',
  params: AccountParams,
  reply: AccountMenu,
});

export const saveAccountMenu = route({
  method: 'PUT',
  path: '/api/accounts/:accountId/menu',
  access: 'account.manage',
  summary: 'Save the draft of the menu.',
  params: AccountParams,
  body: z.object({ baseRevision: z.number().int(), buttons: z.array(MenuButton).max(20) }),
  reply: z.object({ revision: z.number().int() }),
});

export const publishAccountMenu = route({
  method: 'POST',
  path: '/api/accounts/:accountId/menu/publish',
  access: 'account.manage',
  summary: 'Put the saved draft in the place of the whole menu, and read it back.',
  params: AccountParams,
  body: z.object({ revision: z.number().int() }),
  reply: ok,
});

export const readAccountMenu = route({
  method: 'POST',
  path: '/api/accounts/:accountId/menu/read',
  access: 'account.manage',
  summary: 'Ask the platform what the menu is now.',
  params: AccountParams,
  reply: ok,
});
