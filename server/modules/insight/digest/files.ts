/** A digest as a Word document and as a page to print. Both hold the masked text, the signature and its hash. */
import { AlignmentType, Document, Footer, HeadingLevel, Packer, PageNumber, Paragraph, TextRun } from 'docx';
import { wallTime } from '#server/base/clock.ts';
import { escapeHtml } from '#server/modules/content/index.ts';
import type { DigestText } from './store.ts';

export type Signature = { name: string; at: Date; hash: string };

const fontOf = (eastAsia: string) => ({ ascii: 'Times New Roman', eastAsia, hAnsi: 'Times New Roman' });
/** Half points: 三号 for the text, 二号 for the title, as in 公文. */
const size = { text: 32, title: 44, note: 21 };
/** Twentieths of a point, as in 公文 too: two characters of the text, its lines 29 points apart, and the margins. */
const indent = 640;
const line = { line: 580, lineRule: 'exact' } as const;
const margin = { top: 2_098, bottom: 1_984, left: 1_587, right: 1_474 };

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

function signatureLines(signature: Signature | null): string[] {
  return signature
    ? [`签发：${signature.name}　${wallTime(signature.at)}`, `文本校验码（SHA-256）：${signature.hash}`]
    : ['草稿，尚未签发'];
}

export async function toWord(text: DigestText, signature: Signature | null): Promise<Buffer> {
  type Looks = { size?: number; bold?: boolean; font?: string };
  // Headings of the library are blue.
  const run = (words: string, { size: points = size.text, bold = false, font = '仿宋' }: Looks = {}) =>
    new TextRun({ text: words, font: fontOf(font), size: points, bold, color: '000000' });
  const [, name, period] = /^(.+)(（[^（）]+）)$/.exec(text.title) ?? [null, text.title, ''];
  const centred = { alignment: AlignmentType.CENTER };
  const document = new Document({
    title: text.title,
    sections: [
      {
        properties: { page: { margin } },
        footers: { default: new Footer({ children: [pageNumber()] }) },
        children: [
          new Paragraph({
            ...centred,
            heading: HeadingLevel.TITLE,
            spacing: { after: period ? 0 : 400 },
            children: [run(name!, { size: size.title, bold: true, font: '宋体' })],
          }),
          ...(period
            ? [
                new Paragraph({
                  ...centred,
                  spacing: { after: 400 },
                  children: [run(period, { font: '楷体' })],
                }),
              ]
            : []),
          ...text.sections.flatMap((section) => [
            new Paragraph({
              heading: HeadingLevel.HEADING_1,
              keepNext: true,
              indent: { firstLine: indent },
              spacing: { before: 120, after: 0, ...line },
              children: [run(section.title, { font: '黑体' })],
            }),
            ...linesOf(section.text).map(
              (words) =>
                new Paragraph({
                  indent: { firstLine: indent },
                  spacing: line,
                  children: [run(words.trim())],
                }),
            ),
          ]),
          ...signatureLines(signature).map(
            (words) =>
              new Paragraph({
                alignment: AlignmentType.RIGHT,
                spacing: { before: 240 },
                children: [run(words, { size: size.note })],
              }),
          ),
        ],
      },
    ],
  });
  return Packer.toBuffer(document);
}

const pageNumber = () =>
  new Paragraph({
    alignment: AlignmentType.CENTER,
    children: [new TextRun({ children: ['— ', PageNumber.CURRENT, ' —'], font: fontOf('宋体'), size: 28 })],
  });

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
