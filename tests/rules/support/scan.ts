/**
 * Reads TypeScript well enough to find imports and words in code: a scanner that knows comments, strings, templates and
 * regular expressions, and nothing else. It keeps every offset, so what is found in a masked text can be read in the
 * original.
 */

export type Masked = {
  /** Comments blanked. */
  code: string;
  /** Comments, and what strings, templates and regular expressions hold, blanked; quotes stay. */
  bare: string;
};

type Kind = 'code' | 'comment' | 'text';

/** What may stand before a `/` that begins a regular expression. `<` and `}` are left out: JSX has `</p>` and `{x} />`. */
const beforeRegex = /(?:^|[(,=:[!&|?;+\-*%>~^{]|\b(?:return|typeof|case|in|of|do|else|void|await|yield))\s*$/;

export function maskSource(source: string): Masked {
  const kinds = classify(source);
  const blank = (hidden: (kind: Kind) => boolean) => {
    let text = '';
    for (let at = 0; at < source.length; at += 1) {
      const char = source[at]!;
      text += char !== '\n' && hidden(kinds[at]!) ? ' ' : char;
    }
    return text;
  };
  return { code: blank((kind) => kind === 'comment'), bare: blank((kind) => kind !== 'code') };
}

function classify(source: string): Kind[] {
  const kinds: Kind[] = new Array<Kind>(source.length).fill('code');
  /** Depth of braces at which each open template goes on. */
  const templates: number[] = [];
  let depth = 0;
  let at = 0;
  while (at < source.length) {
    const char = source[at]!;
    const comment = endOfComment(source, at);
    if (comment > 0) {
      kinds.fill('comment', at, comment);
      at = comment;
      continue;
    }
    const opensTemplate = char === '`';
    if (opensTemplate || (char === '}' && templates.at(-1) === depth)) {
      if (!opensTemplate) templates.pop();
      const { stop, opens } = endOfTemplatePart(source, at + 1);
      kinds.fill('text', at + 1, stop);
      if (opens) templates.push(depth);
      at = stop + (opens ? 2 : 1);
      continue;
    }
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    const end = endOfText(source, kinds, at);
    kinds.fill('text', at + 1, Math.max(at + 1, end - 1));
    at = end;
  }
  return kinds;
}

/** Where the comment that begins here ends; 0 when none does. */
function endOfComment(source: string, at: number): number {
  if (source.startsWith('//', at)) return endOfLine(source, at);
  return source.startsWith('/*', at) ? after(source, '*/', at + 2) : 0;
}

/** Where the string or regular expression that begins here ends; the next place when none does. */
function endOfText(source: string, kinds: readonly Kind[], at: number): number {
  const char = source[at]!;
  if (char === "'" || char === '"') return endOfQuoted(source, at);
  const regex = char === '/' && beforeRegex.test(lastCode(source, kinds, at));
  return regex ? endOfRegex(source, at) : at + 1;
}

function endOfLine(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end;
}

function after(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found < 0 ? source.length : found + mark.length;
}

/** The few characters of code before a place, comments left out. */
function lastCode(source: string, kinds: readonly Kind[], at: number): string {
  let text = '';
  for (let back = at - 1; back >= 0 && text.trim().length < 8; back -= 1)
    if (kinds[back] !== 'comment') text = source[back] + text;
  return text;
}

/** A quote that its line does not close is no string (an apostrophe in JSX text). */
function endOfQuoted(source: string, from: number): number {
  const quote = source[from];
  for (let at = from + 1; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === quote) return at + 1;
    else if (source[at] === '\n') return from + 1;
  }
  return from + 1;
}

function endOfRegex(source: string, from: number): number {
  let inClass = false;
  for (let at = from + 1; at < source.length && source[at] !== '\n'; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === '[') inClass = true;
    else if (source[at] === ']') inClass = false;
    else if (source[at] === '/' && !inClass) return at + 1;
  }
  return from + 1;
}

function endOfTemplatePart(source: string, from: number): { stop: number; opens: boolean } {
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === '`') return { stop: at, opens: false };
    else if (source.startsWith('${', at)) return { stop: at, opens: true };
  }
  return { stop: source.length, opens: false };
}

export type Import = { specifier: string; typeOnly: boolean };

const forms = [
  /\b(?:import|export)\s+(type\s+)?(?:[\w$*\s,]|\{[^}]*\})*?\bfrom\s*(['"])( *)\2/g,
  /\bimport\s*()(['"])( *)\2/g,
  /\bimport\s*\(\s*()(['"])( *)\2/g,
];

export function readImports(source: string, { bare } = maskSource(source)): Import[] {
  const found: (Import & { at: number })[] = [];
  for (const form of forms) {
    for (const match of bare.matchAll(form)) {
      const at = match.index + match[0].length - 1 - match[3]!.length;
      found.push({
        at,
        specifier: source.slice(at, at + match[3]!.length),
        typeOnly: Boolean(match[1]) || onlyTypes(match[0]),
      });
    }
  }
  return found.toSorted((a, b) => a.at - b.at).map(({ specifier, typeOnly }) => ({ specifier, typeOnly }));
}

/** `import { type A, type B } from …` brings nothing at run time but the module's own effects. */
function onlyTypes(statement: string): boolean {
  const names = /\{([^}]*)\}\s*from/.exec(statement)?.[1];
  if (names === undefined || /^import\s+\w+\s*,/.test(statement)) return false;
  const parts = names
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  return parts.length > 0 && parts.every((part) => part.startsWith('type '));
}

export type Word = { line: number; text: string };

/** Every hit of a pattern (with `g`) in a text, with the number and the words of its line. */
export function findLines(text: string, pattern: RegExp, original = text): Word[] {
  const lines = original.split('\n');
  return [...text.matchAll(pattern)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length;
    return { line, text: (lines[line - 1] ?? '').trim() };
  });
}
