import { html } from 'ghtml';

/**
 * Escaped tagged templates: `${value}` is escaped, `!${value}` is not and is only for what a template made or what the
 * content module cleaned. So no template may have an ASCII exclamation mark before a value.
 */
export { html };

/** JSON for a script element: `<`, `>`, `&` and the two line separators can't end or break it. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The first `length` characters on one line, with an ellipsis when something was cut; no surrogate pair is cut. */
export function shorten(text: string, length: number): string {
  const characters = Array.from(text.replace(/\s+/g, ' ').trim());
  return characters.length <= length ? characters.join('') : `${characters.slice(0, length - 1).join('')}…`;
}
