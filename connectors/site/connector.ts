/** The bureau's own public site: stored by the publishing module in its own transaction, no call is made. */
import type { VariantContent } from '#shared/package.ts';
import type { Connector, Master, VariantProblem } from '../contract.ts';

/** Longer titles are cut in search results and browser tabs. */
const TITLE_ADVISED = 40;
const TITLE_LONGEST = 100;
const DIGEST_LONGEST = 200;
/** A page stays under 50 KB in all (docs/decisions); head, navigation and styles take the rest. */
const BODY_BYTES_ADVISED = 30 * 1024;

export const site: Connector = {
  id: 'site',
  label: { zh: '本单位网站', en: 'Own public site' },
  defaultBaseUrl: null,
  fields: [],
  publish: {
    kind: 'local',
    reaches: ['page'],
    // The page is what the short link leads to.
    carriesShortLink: false,
    settleMs: 0,
    compose: (master): VariantContent => ({
      title: master.title.trim(),
      digest: cut(master.digest.trim(), DIGEST_LONGEST) || null,
      author: master.author.trim() || null,
      // Headings, lists and tables stay what they are: screen readers and search engines live on them.
      body: { kind: 'html', value: `${videoFigure(master)}${master.html}` },
      media: [...master.media],
      sourceUrl: null,
      openComments: true,
    }),
    inspect: (variant, { reach }) => ({
      counts: [
        { field: 'title', used: lengthOf(variant.title), limit: TITLE_LONGEST, unit: 'characters' },
        { field: 'digest', used: lengthOf(variant.digest), limit: DIGEST_LONGEST, unit: 'characters' },
      ],
      problems: [
        ...(reach === 'page'
          ? []
          : [block('reach', '网站只能发布为网页。', 'The site publishes pages only.')]),
        ...titleProblems(variant),
        ...bodyProblems(variant),
        ...pictureProblems(variant),
      ],
    }),
  },
};

/** Controls and no playing by itself; nothing is loaded before the reader asks. What is said stands below, folded. */
function videoFigure({ media, transcript }: Master): string {
  const video = media.find(({ role }) => role === 'video');
  if (!video) return '';
  const cover = media.find(({ role }) => role === 'cover');
  const poster = cover ? ` poster="media:${cover.sha256}"` : '';
  const shape = `width="${video.width}" height="${video.height}"`;
  const label = escapeHtml(video.alt);
  const figure = `<figure class="video"><video controls playsinline preload="none" ${shape}${poster} src="media:${video.sha256}" aria-label="${label}"></video></figure>`;
  const lines = (transcript ?? '').split(/\n+/).filter((line) => line.trim());
  if (lines.length === 0) return figure;
  const words = lines.map((line) => `<p>${escapeHtml(line.trim())}</p>`).join('');
  return `${figure}<details class="transcript"><summary>视频文字稿</summary>${words}</details>`;
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const cut = (text: string, longest: number): string =>
  lengthOf(text) <= longest ? text : `${[...text].slice(0, longest - 1).join('')}…`;
const lengthOf = (text: string | null): number => [...(text ?? '')].length;

function titleProblems(variant: VariantContent): VariantProblem[] {
  const problems: VariantProblem[] = [];
  const used = lengthOf(variant.title?.trim() ?? null);
  if (used === 0) problems.push(block('title', '缺标题。', 'The title is missing.'));
  else if (used > TITLE_LONGEST)
    problems.push(block('title', `标题最多 ${TITLE_LONGEST} 字。`, `At most ${TITLE_LONGEST} characters.`));
  else if (used > TITLE_ADVISED)
    problems.push(
      warn(
        'title',
        `标题超过 ${TITLE_ADVISED} 字，搜索结果里会被截断。`,
        `Over ${TITLE_ADVISED} characters a title is cut in search results.`,
      ),
    );
  if (!variant.digest)
    problems.push(
      warn(
        'digest',
        '没写摘要，搜索结果里将显示正文开头。',
        'Without a digest, search results show the beginning of the text.',
      ),
    );
  if (lengthOf(variant.digest) > DIGEST_LONGEST)
    problems.push(
      block('digest', `摘要最多 ${DIGEST_LONGEST} 字。`, `At most ${DIGEST_LONGEST} characters.`),
    );
  return problems;
}

function bodyProblems(variant: VariantContent): VariantProblem[] {
  const { kind, value } = variant.body;
  if (kind !== 'html') return [block('body', '网页正文应为 HTML。', 'The body must be HTML.')];
  if (value.replaceAll(/<[^>]*>/g, '').trim() === '')
    return [block('body', '正文是空的。', 'The body is empty.')];
  if (Buffer.byteLength(value) <= BODY_BYTES_ADVISED) return [];
  return [
    warn(
      'body',
      '正文较长，页面可能超过 50 KB，建议拆成几篇。',
      'The page may grow over 50 KB; consider parting it.',
    ),
  ];
}

function pictureProblems(variant: VariantContent): VariantProblem[] {
  const held = new Set(variant.media.map((picture) => picture.sha256));
  const used = [...variant.body.value.matchAll(/media:([0-9a-f]{64})/g)].map((match) => match[1]!);
  const problems: VariantProblem[] = [];
  if (used.some((sha256) => !held.has(sha256))) {
    problems.push(block('media', '正文里有一张图片找不到文件。', 'A picture of the body has no file.'));
  }
  if (variant.media.some((picture) => picture.role === 'body' && !picture.alt.trim())) {
    problems.push(
      warn(
        'media',
        '有图片没写替代文字，读屏软件读不出来。',
        'A picture has no alternative text for screen readers.',
      ),
    );
  }
  return problems;
}

const block = (field: VariantProblem['field'], zh: string, en: string): VariantProblem => ({
  level: 'block',
  field,
  zh,
  en,
});
const warn = (field: VariantProblem['field'], zh: string, en: string): VariantProblem => ({
  level: 'warn',
  field,
  zh,
  en,
});
