/**
 * Field, kind and urgency of a message to the desk, learnt from the seeds and from what the bureau's people set right. It
 * proposes; a person may always set it otherwise, and each such correction teaches it.
 */

import type { Buffer } from 'node:buffer';
import type { CaseKind } from '#shared/inbox.ts';
import { type Example, openTextModel, type TextModel, trainTextModel } from './classifier.ts';
import type { Word } from './learn/explain.ts';
import { type MessageField, seedMessages } from './message-seeds.ts';
import { readMood } from './mood.ts';

/** A message as the bureau's people sorted it. */
export type SortedMessage = { text: string; field: MessageField | null; kind: CaseKind };

export type MessageReading = {
  field: MessageField;
  kind: CaseKind;
  urgency: 'normal' | 'soon' | 'now';
  /** That the field is right, by cross-validation; below `automatic` a person should look. */
  confidence: number;
  automatic: boolean;
  kindConfidence: number;
  kindAutomatic: boolean;
  /** What decided field and kind, and what made it urgent. */
  words: { field: Word[]; kind: Word[]; urgency: string[] };
};

export type MessageModel = {
  predict(text: string): MessageReading;
  toBuffers(): { field: Buffer; kind: Buffer };
};

/** One correction outweighs three invented messages. */
const ownWeight = 3;

/** Seeds alone take a second or two; with 10,000 messages of one's own some ten. Do it beside requests, not in one. */
export function createMessageModel(own: readonly SortedMessage[] = []): MessageModel {
  const seeds = seedMessages.map(({ text, field, kind }) => ({ text, field, kind, weight: 1 }));
  const all = [...seeds, ...own.map((one) => ({ ...one, weight: ownWeight }))];
  const example = (text: string, label: string, weight: number): Example => ({
    title: '',
    detail: text,
    label,
    weight,
  });
  const fields = trainTextModel(
    all.flatMap(({ text, field, weight }) => (field ? [example(text, field, weight)] : [])),
  );
  const kinds = trainTextModel(all.map(({ text, kind, weight }) => example(text, kind, weight)));
  return readWith(fields, kinds);
}

/** What `toBuffers` wrote; a few milliseconds. */
export function openMessageModel({ field, kind }: { field: Buffer; kind: Buffer }): MessageModel {
  return readWith(openTextModel(field), openTextModel(kind));
}

function readWith(fields: TextModel, kinds: TextModel): MessageModel {
  return {
    predict(text) {
      const field = fields.predict('', text);
      const kind = kinds.predict('', text);
      const mood = readMood(text);
      return {
        // Labels come from the examples, whose types say what they are.
        field: field.label as MessageField,
        kind: kind.label as CaseKind,
        urgency: mood.urgency,
        confidence: field.confidence,
        automatic: field.automatic,
        kindConfidence: kind.confidence,
        kindAutomatic: kind.automatic,
        words: { field: fields.explain('', text), kind: kinds.explain('', text), urgency: mood.words },
      };
    },
    toBuffers: () => ({ field: fields.toBuffer(), kind: kinds.toBuffer() }),
  };
}
