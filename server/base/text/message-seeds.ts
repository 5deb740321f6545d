/** What a new bureau's sorting starts with, until its own messages say better. Read from the invented lists in seeds/. */
import type { CaseKind, caseFields } from '#shared/inbox.ts';
import { benefitSeeds } from './seeds/benefits.ts';
import { labourSeeds } from './seeds/labour.ts';

export type MessageField = (typeof caseFields)[number];
export type SeedMessage = { text: string; field: MessageField; kind: CaseKind; urgent: boolean };

const kinds: Readonly<Record<string, CaseKind>> = {
  咨: 'consult',
  求: 'help',
  投: 'complaint',
  举: 'report',
  建: 'suggestion',
  谢: 'thanks',
};

const lists: Readonly<Record<MessageField, string>> = { ...labourSeeds, ...benefitSeeds };

export const seedMessages: readonly SeedMessage[] = Object.entries(lists).flatMap(([field, list]) =>
  list
    .trim()
    .split('\n')
    .map((line) => ({
      text: line.slice(line.indexOf(' ') + 1),
      field: field as MessageField,
      kind: kinds[line[0]!]!,
      urgent: line[1] === '!',
    })),
);
