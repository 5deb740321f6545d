/**
 * Reads what the platform pushes: flat XML, or JSON where the account is set so. Strict: no DTD, no entities, no
 * guessing of numbers (message ids are longer than a JavaScript number holds).
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';

export type Fields = Readonly<Record<string, unknown>>;

const LONGEST_BYTES = 256 * 1024;

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  processEntities: false,
  // A person's own spaces and line breaks belong to the message.
  trimValues: false,
  isArray: (name) => name === 'item' || name === 'fail_idx',
});

/** @throws {SyntaxError} for anything that is not one `<xml>` element or one JSON object. */
export function readFields(bytes: Buffer): Fields {
  if (bytes.length > LONGEST_BYTES) throw new SyntaxError('推送太大。The push is too large.');
  const text = bytes.toString('utf8');
  const root = asFields(text.trimStart().startsWith('{') ? parseJson(text) : parseXml(text));
  if (!root) throw new SyntaxError('推送不是一条消息。The push is not one message.');
  return root;
}

function parseXml(text: string): unknown {
  // What people write stands in CDATA and may hold anything; markup declarations outside of it are an attack.
  const markup = text.replaceAll(/<!\[CDATA\[[\s\S]*?\]\]>/g, '');
  if (markup.includes('<!')) throw new SyntaxError('推送带有 DTD。The push carries a DTD.');
  return attempt(() => (XMLValidator.validate(text) === true ? (parser.parse(text) as Fields).xml : null));
}

const parseJson = (text: string): unknown =>
  attempt(() => JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown));

/** Parsers give up on depth and size with errors of their own; to us they all mean "unreadable". */
function attempt(parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    throw new SyntaxError('推送读不懂。The push is unreadable.', { cause: error });
  }
}

/** Numbers that a double cannot hold stay the digits that were sent. */
function keepDigits(_key: string, value: unknown, context: { source?: string }): unknown {
  return typeof value === 'number' && !Number.isSafeInteger(value) ? (context.source ?? value) : value;
}

export const asFields = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;

/** A field as text; numbers in digits; empty for what is absent or not flat. */
export function fieldText(fields: Fields, name: string): string {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The same without surrounding space: ids and addresses come with stray newlines inside CDATA. */
export const trimmed = (fields: Fields, name: string): string => fieldText(fields, name).trim();
