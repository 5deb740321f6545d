/** A digest as a Word document and as a page to print. Both hold the masked text, the signature and its hash. */
import { AlignmentType, Document, HeadingLevel, Packer, Paragraph, TextRun } from 'docx';
import { wallTime } from '#server/base/clock.ts';
import { escapeHtml } from '#server/modules/content/index.ts';
import type { DigestText } from './store.ts';

export type Signature = { name: string; at: Date; hash: string };

const font = { ascii: 'Times New Roman', eastAsia: '仿宋', hAnsi: 'Times New Roman' };
/** Half points: 三号 for the text, 二号 for the title, as in 公文. */
const size = { text: 32, title: 44, note: 21 };
/** Twentieths of a point: two characters of the text. */
const indent = 640;

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

function signatureLines(signature: Signature | null): string[] {
  return signature
    ? [`签发：${signature.name}　${wallTime(signature.at)}`, `文本校验码（SHA-256）：${signature.hash}`]
    : ['草稿，尚未签发'];
}

export async function toWord(text: DigestText, signature: Signature | null): Promise<Buffer> {
  const run = (words: string, options: { size?: number; bold?: boolean } = {}) =>
    new TextRun({ text: words, font, size: size.text, ...options });
  const document = new Document({
    title: text.title,
    sections: [
      {
        children: [
          new Paragraph({
            heading: HeadingLevel.TITLE,
            alignment: AlignmentType.CENTER,
            spacing: { after: 400 },
            children: [run(text.title, { size: size.title, bold: true })],
          }),
          ...text.sections.flatMap((section) => [
            new Paragraph({
              heading: HeadingLevel.HEADING_1,
              spacing: { before: 240, after: 120 },
              children: [run(section.title, { bold: true })],
            }),
            ...linesOf(section.text).map(
              (line) =>
                new Paragraph({
                  indent: { firstLine: indent },
                  spacing: { line: 480 },
                  children: [run(line.trim())],
                }),
            ),
          ]),
          ...signatureLines(signature).map(
            (line) =>
              new Paragraph({
                alignment: AlignmentType.RIGHT,
                spacing: { before: 240 },
                children: [run(line, { size: size.note })],
              }),
          ),
        ],
      },
    ],
  });
  return Packer.toBuffer(document);
}

/** No script, no outside address: it prints as it is. */
export function toPrintPage(text: DigestText, signature: Signature | null): string {
  const paragraphs = (lines: readonly string[]) =>
    lines.map((line) => `<p>${escapeHtml(line.trim())}</p>`).join('\n');
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>${escapeHtml(text.title)}</title>
<style>
body { font: 16pt/1.75 "FangSong", "STFangsong", "Noto Serif CJK SC", serif; max-width: 170mm; margin: 20mm auto; }
h1 { font-size: 22pt; text-align: center; line-height: 1.4; }
h2 { font-size: 16pt; margin: 1em 0 0.3em; break-after: avoid; }
p { margin: 0; text-indent: 2em; }
footer { margin-top: 2em; text-align: right; font-size: 10.5pt; overflow-wrap: anywhere; }
footer p { text-indent: 0; }
@media print { body { margin: 0 auto; } }
</style>
</head>
<body>
<h1>${escapeHtml(text.title)}</h1>
${text.sections
  .map((section) => `<h2>${escapeHtml(section.title)}</h2>\n${paragraphs(linesOf(section.text))}`)
  .join('\n')}
<footer>${paragraphs(signatureLines(signature))}</footer>
</body>
</html>
`;
}
