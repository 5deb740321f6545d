/** From the messages of a window and of the one before it to the issues of the window: pure, and long. */
import { findHotIssues, heatOf } from '#server/base/text/hot-issues.ts';
import { maskPersonalData } from '#server/base/text/personal-data.ts';
import { firstSentence, nameOf, quoteOf } from '../quote.ts';

export type Said = {
  id: string;
  person: string;
  text: string;
  at: Date;
  /** Who agreed with it, where a platform tells. */
  likes: number;
  /** In the window itself. */
  present: boolean;
};

export type Gathering = {
  said: readonly Said[];
  /** Words like names that the bureau knows to be nobody's. */
  nobodys: ReadonlySet<string>;
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

export function gatherIssues({ said, nobodys }: Gathering): GatheredIssue[] {
  const byId = new Map(said.map((one) => [one.id, one]));
  const found = findHotIssues(
    said.map(({ id, person, text, at, likes }) => ({
      ...{ id, person, text, at, likes, dislikes: 0 },
      // Messages have no title: their first sentence says what they are about.
      title: titleOf(text),
    })),
    considered,
  );
  return found
    .flatMap(({ ids, names, sentences }): GatheredIssue[] => {
      const members = ids.map((id) => byId.get(id)!);
      const present = members.filter((one) => one.present);
      const people = new Set(present.map((one) => one.person)).size;
      if (people < leastPeople) return [];
      const quotes = sentences.map((sentence) =>
        quoteOf(members.find((one) => titleOf(one.text) === sentence)!.text, nobodys),
      );
      const times = present.map(({ at }) => at.getTime());
      return [
        {
          title: nameOf(members[0]!.text, nobodys),
          ids: present.map(({ id }) => id),
          idsBefore: members.filter((one) => !one.present).map(({ id }) => id),
          people,
          heat: heatOf({
            ...{ people, messages: present.length },
            reactions: present.reduce((sum, { likes }) => sum + likes, 0),
          }),
          names: names.map((one) => maskPersonalData(one, nobodys).masked),
          sentences: [...new Set(quotes)],
          first: new Date(Math.min(...times)),
          last: new Date(Math.max(...times)),
        },
      ];
    })
    .sort((a, b) => b.heat - a.heat || b.ids.length - a.ids.length)
    .slice(0, mostIssues);
}

const titleOf = (text: string): string => firstSentence(text).slice(0, titleUnits).trim();
