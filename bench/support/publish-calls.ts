/** Plain `fetch` for the floor: the least that a call takes. */
type Json = Record<string, unknown>;

/** @throws {Error} unless the platform did what was asked */
export async function readJson(response: Response): Promise<Json> {
  const json = (await response.json()) as Json;
  const failed =
    json.errcode || json.error_code || (json.code && json.code !== 0) || (json.result ?? 1) !== 1;
  if (!response.ok || failed) throw new Error(`refused: ${response.status} ${JSON.stringify(json)}`);
  return json;
}

export const getJson = async (url: string, headers: Record<string, string> = {}): Promise<Json> =>
  readJson(await fetch(url, { headers }));

export const postJson = async (
  url: string,
  body: Json,
  headers: Record<string, string> = {},
): Promise<Json> =>
  readJson(
    await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  );

export const postForm = async (
  url: string,
  body: FormData | URLSearchParams,
  headers: Record<string, string> = {},
): Promise<Json> => readJson(await fetch(url, { method: 'POST', headers, body }));

export function formOf(fields: Record<string, string>, name?: string, picture?: Buffer): FormData {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.set(key, value);
  if (name && picture) {
    form.set(name, new Blob([new Uint8Array(picture)], { type: 'image/jpeg' }), 'picture.jpg');
  }
  return form;
}

/** What was fetched once for an account. */
export function remembered<T>(
  cache: Map<string, Promise<T>>,
  key: string,
  make: () => Promise<T>,
): Promise<T> {
  const known = cache.get(key) ?? make();
  cache.set(key, known);
  return known;
}
