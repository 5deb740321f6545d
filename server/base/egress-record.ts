/** What is kept of a call: enough to prove what was sent and answered, never a secret. */

const MASK = '***';
const KEEP_BYTES = 8 * 1024;
/** Shorter values are not searched for in other texts: too many innocent matches. */
const SHORTEST_SECRET = 6;

const commonSecrets = [
  'access_token',
  'refresh_token',
  'secret',
  'appsecret',
  'client_secret',
  'password',
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
];

export type Masker = {
  /** Marks values under secret keys, at any depth; remembers them. */
  data(value: unknown): unknown;
  url(url: URL): string;
  /** Masks remembered values, and `secret=value` or `"secret":"value"` in text that could not be parsed. */
  text(value: string): string;
};

/** One masker a call: secrets seen in the request are also masked where the answer repeats them. */
export function createMasker(extraNames: readonly string[]): Masker {
  const names = new Set([...commonSecrets, ...extraNames.map((name) => name.toLowerCase())]);
  const seen = new Set<string>();
  const remember = (value: unknown) => {
    if (typeof value === 'string' && value.length >= SHORTEST_SECRET) seen.add(value);
    return MASK;
  };
  const pairs = new RegExp(
    `((?:${[...names].map(escapePattern).join('|')})["']?\\s*[=:]\\s*["']?)[^"'&\\s,}<]+`,
    'gi',
  );

  function withoutSeen(value: string): string {
    let clean = value;
    for (const secret of seen) clean = clean.replaceAll(secret, MASK);
    return clean;
  }

  function data(value: unknown): unknown {
    if (typeof value === 'string') return withoutSeen(value);
    if (Array.isArray(value)) return value.map(data);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        names.has(key.toLowerCase()) ? remember(inner) : data(inner),
      ]),
    );
  }

  return {
    data,
    url(url) {
      const shown = new URL(url);
      for (const [key, value] of url.searchParams) {
        if (names.has(key.toLowerCase())) shown.searchParams.set(key, remember(value));
      }
      shown.username = '';
      shown.password = '';
      return withoutSeen(shown.href);
    },
    text: (value) => withoutSeen(value.replace(pairs, `$1${MASK}`)),
  };
}

/** The request body as recorded; file contents are never kept. */
export function describeRequest(
  options: {
    json?: unknown;
    form?: Record<string, string>;
    multipart?: FormData;
    bytes?: Buffer;
    headers?: Record<string, string>;
  },
  mask: Masker,
): unknown {
  const described: Record<string, unknown> = {};
  if (options.headers) described.headers = mask.data(options.headers);
  if (options.json !== undefined) described.json = cut(mask.data(options.json));
  if (options.form) described.form = cut(mask.data(options.form));
  if (options.multipart) {
    const fields = [...options.multipart].map(([name, value]) =>
      typeof value === 'string'
        ? { name, value: Object.values(mask.data({ [name]: value }) as Record<string, unknown>)[0] }
        : { name, file: value.name, type: value.type, bytes: value.size },
    );
    described.multipart = cut(fields);
  }
  if (options.bytes) described.bytes = options.bytes.length;
  return Object.keys(described).length > 0 ? described : null;
}

/** The answer as recorded: JSON where it is JSON, text where it is text, else its size. */
export function describeResponse(body: Buffer, contentType: string, mask: Masker): unknown {
  if (body.length === 0) return null;
  const text = body.toString('utf8');
  try {
    return cut(mask.data(JSON.parse(text)));
  } catch {
    if (/^(image|audio|video)\/|octet-stream/.test(contentType))
      return { type: contentType, bytes: body.length };
    return cut(mask.text(text));
  }
}

function cut(value: unknown): unknown {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const bytes = Buffer.byteLength(text);
  if (bytes <= KEEP_BYTES) return value;
  // Cutting by bytes may split a character; the replacement mark that leaves is harmless in a record.
  const head = Buffer.from(text).subarray(0, KEEP_BYTES).toString('utf8');
  return `${head}…（共 ${bytes} 字节，其余未保存 / ${bytes} bytes in all, the rest was not kept）`;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
