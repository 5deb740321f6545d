/** Topics (话题) as they stand in plain texts: `#话题`, in the same way on every platform that has them. Pure. */

/** `#话题` and `#话题#`; what stands before it must not be part of an address (`…/page#part`). */
const TOPIC = /(?<![\w/])#([\p{L}\p{N}_·]{1,40})#?/gu;

/** The topics of a text in order, each once, without their marks. */
export const topicsOf = (text: string): string[] => [
  ...new Set([...text.matchAll(TOPIC)].map((match) => match[1] ?? '')),
];

/** Topics that the account always adds (setting `topics`: names with commas or blanks, marks allowed). */
export const accountTopics = (setting: string | undefined): string[] => [
  ...new Set(
    (setting ?? '')
      .split(/[\s,，、#]+/)
      .map((name) => name.trim())
      .filter(Boolean),
  ),
];

/** What a post is to carry: chosen for it, else the account's; as many as the platform takes. */
export const chosenTopics = (
  { topics, settings }: { topics?: readonly string[]; settings: Readonly<Record<string, string>> },
  most: number,
): string[] => [...new Set(topics ?? accountTopics(settings.topics))].slice(0, most);

/** `#甲 #乙`, those that the text has not yet. */
export function topicLine(topics: readonly string[], text = ''): string {
  const present = new Set(topicsOf(text));
  return topics
    .filter((topic) => !present.has(topic))
    .map((topic) => `#${topic}`)
    .join(' ');
}

export const withoutTopics = (text: string): string => text.replaceAll(TOPIC, '');
