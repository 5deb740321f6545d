import type { MadeFile } from '#shared/sheet.ts';

/** A browser reads a file some time after the click; taken away too early it is saved without its name, or not at all. */
const keptForMs = 60_000;

/** Lets the browser save a file that came inside a reply. */
export function saveFile({ name, mime, base64 }: MadeFile): void {
  saveBlob(name, new Blob([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], { type: mime }));
}

export function saveBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), keptForMs);
}
