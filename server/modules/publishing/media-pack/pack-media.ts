/** Everything of a task as one zip, and single cut pictures for a phone that opens no zip. */
import { strToU8, zipSync } from 'fflate';
import type { App } from '#server/base/app.ts';
import { cutPicture } from '#server/modules/content/index.ts';
import type { Lang } from '#shared/lang.ts';
import { folderNames, keyOf, nameOf, type PlannedPicture } from './plan-pictures.ts';
import { type NotedTask, noteName, wordsName, writeNote } from './write-note.ts';

const originalOf = (picture: PlannedPicture, lang: Lang): string => {
  const uncut = { ...picture, ratio: null, spare: false };
  return `${folderNames.originals[lang]}/${nameOf(uncut, lang)}`;
};

async function bytesOf(app: App, { sha256, cut }: PlannedPicture): Promise<Buffer> {
  const bytes = await app.files.get(sha256);
  return cut ? cutPicture(bytes, cut) : bytes;
}

/** One picture after the other: cutting takes memory, and a pack can wait. Outside any transaction. */
export async function packMedia(
  app: App,
  task: NotedTask,
  pictures: readonly PlannedPicture[],
  lang: Lang,
): Promise<Uint8Array> {
  const texts = task.copy.map(({ text, fit }) => fit?.text ?? text);
  const entries: Record<string, Uint8Array> = {
    // The mark tells old editors that it is UTF-8. Nobody copies from this one.
    [noteName[lang]]: strToU8(`\uFEFF${writeNote(task, pictures, lang)}`),
    [wordsName[lang]]: strToU8(`${texts.join('\n\n')}\n`),
  };
  for (const picture of pictures) {
    entries[nameOf(picture, lang)] = await bytesOf(app, picture);
    if (picture.cut) entries[originalOf(picture, lang)] ??= await app.files.get(picture.sha256);
  }
  // Pictures are compressed already.
  return zipSync(entries, { level: 0 });
}

export async function findPackedPicture(
  app: App,
  pictures: readonly PlannedPicture[],
  key: string,
): Promise<{ bytes: Buffer; mime: string } | null> {
  const picture = pictures.find((one) => keyOf(one) === key);
  if (!picture) return null;
  const mime = `image/${picture.extension.replace('jpg', 'jpeg')}`;
  return { bytes: await bytesOf(app, picture), mime };
}
