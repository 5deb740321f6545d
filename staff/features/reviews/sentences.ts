/** Cuts plain text into the units a reviewer remarks on: sentences, each with its closing marks. */
export function splitSentences(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => line.match(/[^。！？!?；;]+(?:[。！？!?；;]+[”’」』）)]*)?|[。！？!?；;]+/g) ?? [])
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

const blocks = 'p,h1,h2,h3,h4,h5,h6,li,blockquote,div,section,td,figcaption';

/** The sentences of rendered HTML, a list a block. The parsed document is inert: nothing in it runs or loads. */
export function sentencesOfHtml(html: string): string[][] {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  for (const dropped of parsed.querySelectorAll('style,script,template')) dropped.remove();
  const innermost = [...parsed.body.querySelectorAll(blocks)].filter(
    (element) => element.querySelector(blocks) === null,
  );
  const texts =
    innermost.length > 0
      ? innermost.map((element) => element.textContent ?? '')
      : [parsed.body.textContent ?? ''];
  return texts.map(splitSentences).filter((sentences) => sentences.length > 0);
}
