/** From the messages of a window and of the one before it to the issues of the window: pure, and long. */
import { findHotIssues, heatOf } from '#server/base/text/hot-issues.ts';
import { maskPersonalData } from '#server/base/text/personal-data.ts';

export type Said = {
  id: string;
  person: string;
  text: string;
  at: Date /** In the window itself. */;
  present: boolean;
};

export type GatheredIssue = {
  /** Masked. */
  title: string;
  ids: string[];
  idsBefore: string[];
  people: number;
  heat: number;
  names: string[];
  /** Masked. */
  sentences: string[];
  first: Date;
  last: Date;
};

/** An issue is what at least two people bring up. */
const leastPeople = 2;
const mostIssues = 50;
/** Issues of the window before alone are dropped afterwards. */
const considered = 400;
const titleUnits = 30;

export function gatherIssues(said: readonly Said[]): GatheredIssue[] {
  const byId = new Map(said.map((one) => [one.id, one]));
  const found = findHotIssues(
    said.map(({ id, person, text, at }) => ({
      ...{ id, person, text, at, likes: 0, dislikes: 0 },
      // Messages have no title: their first sentence says what they are about.
      title: firstSentence(text),
    })),
    considered,
  );
  return found
    .flatMap(({ title, ids, names, sentences }): GatheredIssue[] => {
      const members = ids.map((id) => byId.get(id)!);
      const present = members.filter((one) => one.present);
      const people = new Set(present.map((one) => one.person)).size;
      if (people < leastPeople) return [];
      const times = present.map(({ at }) => at.getTime());
      return [
        {
          title: mask(title),
          ids: present.map(({ id }) => id),
          idsBefore: members.filter((one) => !one.present).map(({ id }) => id),
          people,
          heat: heatOf({ people, messages: present.length, reactions: 0 }),
          names: names.map(mask),
          sentences: sentences.map(mask),
          first: new Date(Math.min(...times)),
          last: new Date(Math.max(...times)),
        },
      ];
    })
    .sort((a, b) => b.heat - a.heat || b.ids.length - a.ids.length)
    .slice(0, mostIssues);
}

const mask = (text: string): string => maskPersonalData(text).masked;

function firstSentence(text: string): string {
  // Greetings come first in most messages and are about nothing.
  const body = text.trim().replace(/^(?:您好|你好|请问|领导)[，,。！!：:\s]*/, '');
  return (body.split(/[。！？!?\n]/)[0] ?? '').slice(0, titleUnits);
}
