import type { Editor } from '@tiptap/core';

const squeeze = (text: string) => text.replace(/\s+/g, '');

/** Selects the quoted words in the text and brings them into view; false when they are no longer there. */
export function selectQuote(editor: Editor, quote: string): boolean {
  const wanted = squeeze(quote);
  if (wanted === '') return false;
  let hit: { from: number; to: number } | null = null;
  editor.state.doc.descendants((node, position) => {
    if (hit || !node.isTextblock) return !hit;
    // Positions of every character that is not white space, so that wrapped quotes are found too.
    const places: number[] = [];
    let plain = '';
    node.forEach((child, offset) => {
      if (!child.isText) return;
      [...(child.text ?? '')].reduce((at, char) => {
        if (!/\s/.test(char)) {
          plain += char;
          for (let unit = 0; unit < char.length; unit += 1) places.push(position + 1 + offset + at + unit);
        }
        return at + char.length;
      }, 0);
    });
    const at = plain.indexOf(wanted);
    if (at >= 0) hit = { from: places[at] ?? 0, to: (places[at + wanted.length - 1] ?? 0) + 1 };
    return false;
  });
  if (!hit) return false;
  editor.chain().focus().setTextSelection(hit).scrollIntoView().run();
  return true;
}
