/**
 * Field, kind and urgency of a message to the desk, learnt from the seeds and from what the bureau's people set right. It
 * proposes; a person may always set it otherwise, and each such correction teaches it.
 */
import type { CaseKind } from '#shared/inbox.ts';
import { type Example, trainTextModel } from './classifier.ts';
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
  /** What decided the field, and what made it urgent. */
  words: { field: Word[]; urgency: string[] };
};

export type MessageModel = { predict(text: string): MessageReading };

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
        words: { field: fields.explain('', text), urgency: mood.words },
      };
    },
  };
}
