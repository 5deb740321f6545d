import type { Input } from './send.ts';
import type { Person } from './stage.ts';

export type MakeRequest = (who: Person) => Promise<Input>;

export function formOf(bytes: Uint8Array, type: string, name: string): FormData {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)], { type }), name);
  return form;
}
