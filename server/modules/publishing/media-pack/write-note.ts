/** The page that lies in the media pack: what each file is for and in what order it is used. Pure. */
import { wallTime } from '#server/base/clock.ts';
import { type Lang, type Text, text } from '#shared/lang.ts';
import type { HandOffTask } from '#shared/tasks.ts';
import { folderNames, nameOf, type PlannedPicture } from './plan-pictures.ts';

export type NotedTask = Pick<
  HandOffTask,
  'title' | 'accountName' | 'platformName' | 'deadline' | 'instructions' | 'copy' | 'media'
>;

export const noteName = text('说明.txt', 'READ-ME.txt');
export const wordsName = text('文字.txt', 'text.txt');

const words = {
  until: text('请在 {time} 前完成', 'To be done before {time}'),
  steps: text('【怎么发】', '[What to do]'),
  pictures: text('【图片】按序号依次选用', '[Pictures] in the order of their numbers'),
  cover: text('封面', 'cover'),
  nth: text('第 {place} 张', 'picture {place}'),
  spare: text('封面的另一种形状，页面要求时用', 'another shape of the cover, where the page asks for it'),
  person: text('同事在素材库裁好的', 'cut by a colleague in the library'),
  program: text('程序裁的', 'cut by the program'),
  look: text(
    '程序按画面重点裁切，用前请看一眼有没有裁掉文字或人。',
    'The program cuts around what draws the eye: see that no words or people are cut off.',
  ),
  uncut: text('原样，不用裁', 'as it is'),
  originals: text(
    '{folder}/　没有裁切的原图。裁得不合适时用它，或请同事在素材库裁好，再下载一次。',
    '{folder}/  the uncut pictures. Use them where a cut does not suit, or have a colleague cut it in the library and download again.',
  ),
  texts: text('【文字】在 {file} 里，依次是：', '[Texts] in {file}, in this order:'),
  counted: text('{field} {used}/{limit} 字', '{field} {used} of {limit} characters'),
  shortened: text(
    '{field} 原文 {used} 字，平台最多 {limit} 字；文件里是截短的',
    '{field} has {used} characters, the platform takes {limit}; the file holds a shortened one',
  ),
  videos: text(
    '【视频】文件较大，不在压缩包里，请在任务页上保存。',
    '[Video] is large and not in the pack; save it from the task’s page.',
  ),
} as const satisfies Record<string, Text>;

const fields = {
  title: text('标题', 'Title'),
  digest: text('简介', 'Digest'),
  body: text('正文', 'Text'),
  quote: text('对方的话', 'Their words'),
  link: text('链接', 'Link'),
} as const satisfies Record<HandOffTask['copy'][number]['field'], Text>;

const put = (sentence: string, values: Readonly<Record<string, string | number>>): string =>
  sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));

/** With the line ends that old editors of Windows need. */
export function writeNote(task: NotedTask, pictures: readonly PlannedPicture[], lang: Lang): string {
  const w = (key: keyof typeof words, values: Readonly<Record<string, string | number>> = {}) =>
    put(words[key][lang], values);
  const lines = [
    task.title,
    `${task.platformName[lang]} · ${task.accountName}`,
    w('until', { time: wallTime(new Date(task.deadline)) }),
    '',
    w('steps'),
    ...task.instructions.map((step, index) => `${index + 1}. ${step[lang]}`),
  ];
  if (pictures.length > 0) {
    lines.push('', w('pictures'));
    for (const picture of pictures) lines.push(`${nameOf(picture, lang)}　${purposeOf(picture)}`);
    if (pictures.some(({ by }) => by === 'program')) lines.push(w('look'));
    if (pictures.some(({ cut }) => cut)) lines.push(w('originals', { folder: folderNames.originals[lang] }));
  }
  lines.push('', w('texts', { file: wordsName[lang] }), ...task.copy.map(lengthOf));
  if (task.media.some(({ kind }) => kind === 'video')) lines.push('', w('videos'));
  return `${lines.join('\r\n')}\r\n`;

  function purposeOf({ role, place, ratio, by, spare }: PlannedPicture): string {
    return [
      spare ? w('spare') : role === 'cover' ? w('cover') : w('nth', { place }),
      ratio ? `${ratio.width}:${ratio.height}` : '',
      w(by ?? 'uncut'),
    ]
      .filter(Boolean)
      .join(lang === 'zh' ? '，' : ', ');
  }
  function lengthOf({ field, fit }: HandOffTask['copy'][number]): string {
    const name = fields[field][lang];
    if (!fit) return name;
    return w(fit.used > fit.limit ? 'shortened' : 'counted', { field: name, ...fit });
  }
}
