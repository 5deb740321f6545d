/** The buttons below the conversation. What this program cannot make (a mini programme, a published article) is kept out. */
import type { AccountSession, MenuCapability, MenuEntry, Outcome } from '#connectors/contract.ts';
import { call, doneOrFailure, type Json, type Refusal, reversibleFailure } from './client.ts';

/** Official page of menu/create; sizes in bytes. */
const LIMITS = { top: 3, below: 5, topBytes: 16, belowBytes: 60 };
const KEY_BYTES = 128;
const URL_BYTES = 1024;
const NO_MENU = 46003;

export const menu: MenuCapability = { limits: LIMITS, get, put };

async function get(session: AccountSession): Promise<{ entries: MenuEntry[] } | { failure: Outcome }> {
  const answer = await call(session, { method: 'GET', path: '/cgi-bin/menu/get' });
  if (answer.kind === 'refused' && answer.code === NO_MENU) return { entries: [] };
  if (answer.kind !== 'ok') return { failure: reversibleFailure(answer) };
  const buttons = (answer.body.menu as Json | undefined)?.button;
  if (!Array.isArray(buttons)) {
    // An answer that shows no menu is not "there is none": saving over it would delete one.
    return { failure: { kind: 'retry-later', afterMs: 60_000, code: 'unreadable-menu', scope: 'account' } };
  }
  return { entries: buttons.map(readEntry) };
}

function readEntry(button: Json): MenuEntry {
  const below = Array.isArray(button.sub_button) ? (button.sub_button as Json[]) : [];
  return { name: String(button.name ?? ''), target: readTarget(button), entries: below.map(readEntry) };
}

/** A kind that the contract does not know has no target; `put` refuses it, so that it is not lost unseen. */
function readTarget({ type, url, key }: Json): MenuEntry['target'] {
  if (type === 'view' && typeof url === 'string') return { kind: 'link', url };
  if (type === 'click' && typeof key === 'string') return { kind: 'keyword', key };
  return null;
}

async function put(
  session: AccountSession,
  entries: readonly MenuEntry[],
): Promise<{ kind: 'done' } | { failure: Outcome }> {
  if (entries.length === 0) return remove(session);
  const problem = entries.length > LIMITS.top ? 40016 : (entries.map(examineTop).find(Boolean) ?? null);
  if (problem) return { failure: reversibleFailure(refusedHere(problem)) };
  const answer = await call(session, {
    method: 'POST',
    path: '/cgi-bin/menu/create',
    json: { button: entries.map(button) },
  });
  return wrap(doneOrFailure(answer));
}

async function remove(session: AccountSession): Promise<{ kind: 'done' } | { failure: Outcome }> {
  const answer = await call(session, { method: 'GET', path: '/cgi-bin/menu/delete' });
  const none = answer.kind === 'refused' && answer.code === NO_MENU;
  return none ? { kind: 'done' } : wrap(doneOrFailure(answer));
}

const wrap = (outcome: { kind: 'done' } | Refusal): { kind: 'done' } | { failure: Outcome } =>
  outcome.kind === 'done' ? outcome : { failure: outcome };

/** The platform's own codes for what can be seen before a call. */
const refusedHere = (code: number) => ({ kind: 'refused', code, message: 'not sent', body: {} }) as const;

function examineTop(entry: MenuEntry): number | null {
  if (isEmpty(entry.name) || bytes(entry.name) > LIMITS.topBytes) return 40018;
  if (entry.entries.length > LIMITS.below) return 40023;
  if (entry.entries.length === 0) return examineTarget(entry.target);
  return entry.entries.map(examineBelow).find(Boolean) ?? null;
}

function examineBelow(entry: MenuEntry): number | null {
  if (isEmpty(entry.name) || bytes(entry.name) > LIMITS.belowBytes) return 40025;
  return entry.entries.length > 0 ? 40023 : examineTarget(entry.target);
}

function examineTarget(target: MenuEntry['target']): number | null {
  if (!target) return 40017;
  if (target.kind === 'keyword') return isEmpty(target.key) || bytes(target.key) > KEY_BYTES ? 40019 : null;
  if (!/^https?:\/\/\S+$/.test(target.url)) return 40055;
  return bytes(target.url) > URL_BYTES ? 40020 : null;
}

function button({ name, target, entries }: MenuEntry): Json {
  if (entries.length > 0) return { name, sub_button: entries.map(button) };
  if (target?.kind === 'link') return { type: 'view', name, url: target.url };
  return { type: 'click', name, key: target?.key ?? '' };
}

const bytes = (text: string): number => Buffer.byteLength(text);
const isEmpty = (text: string): boolean => text.trim() === '';
