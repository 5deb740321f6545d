import type { MadeFile } from '#shared/sheet.ts';

/** Lets the browser save a file that came inside a reply. */
export function saveFile({ name, mime, base64 }: MadeFile): void {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: mime }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
