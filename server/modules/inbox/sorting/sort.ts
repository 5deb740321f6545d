/**
 * Kind, field and urgency of new words. The bureau's model decides where it is sure; where it is not, field and kind are
 * given only if the word lists say the same as it, and else the field is left to a person. Until there is a model the word
 * lists decide.
 */
import type { Tx } from '#server/base/database.ts';
import { type MessageModel, openMessageModel } from '#server/base/text/message-model.ts';
import type { CaseUrgency } from '#shared/inbox.ts';
import { type Classification, classify, isCourtesy } from '../cases/classify.ts';
import { findModelVersion, readModel } from './store.ts';

export type Sorting = Classification & {
  /** Who decided, as the case's log tells it. */
  by: { field: 'model' | 'words' | 'both' | null; kind: 'model' | 'words' | 'both' };
  /** Of the model, that its field is right; null where it had no say. */
  confidence: number | null;
  /** What the model would have said, where it was not sure enough. */
  guess: Classification['field'];
  /** An aid for the order of work; says nothing about the person. */
  urgency: CaseUrgency;
  urgencyWords: string[];
};

const urgencies = { normal: 'normal', soon: 'urgent', now: 'critical' } as const satisfies Record<
  string,
  CaseUrgency
>;

type Open = { version: string; model: MessageModel };
/** The models in force, of the bureaus this process has met; about four megabytes each. */
const opened = new Map<string, Open>();
const mostOpened = 50;

export async function sort(tx: Tx, bureauId: string, text: string): Promise<Sorting> {
  const said = classify(text);
  const byWords: Sorting = {
    ...said,
    by: { field: said.field ? 'words' : null, kind: 'words' },
    confidence: null,
    guess: null,
    urgency: 'normal',
    urgencyWords: [],
  };
  // Thanks and empty words hold nothing to be learnt from.
  if (text.trim() === '' || isCourtesy(text)) return byWords;
  const model = await loadModel(tx, bureauId);
  return model ? combine(byWords, model, text) : byWords;
}

function combine(said: Sorting, model: MessageModel, text: string): Sorting {
  const reading = model.predict(text);
  const sameField = said.field === reading.field;
  const sameKind = said.kind === reading.kind;
  const giveField = reading.automatic || sameField;
  const giveKind = reading.kindAutomatic;
  const modelWords = (words: readonly { text: string }[]) => words.map((word) => word.text);
  return {
    kind: giveKind ? reading.kind : said.kind,
    field: giveField ? reading.field : null,
    words: {
      kind: giveKind && !sameKind ? modelWords(reading.words.kind) : said.words.kind,
      field: giveField && !sameField ? modelWords(reading.words.field) : giveField ? said.words.field : [],
    },
    by: {
      field: giveField ? (sameField ? 'both' : 'model') : null,
      kind: sameKind ? 'both' : giveKind ? 'model' : 'words',
    },
    confidence: reading.confidence,
    guess: giveField ? null : reading.field,
    urgency: urgencies[reading.urgency],
    urgencyWords: reading.words.urgency,
  };
}

/**
 * A look at one small row tells whether the model at hand is still the one in force; only a new one is read (some
 * megabytes, once) and opened (some milliseconds).
 */
async function loadModel(tx: Tx, bureauId: string): Promise<MessageModel | null> {
  const row = await findModelVersion(tx, bureauId);
  if (!row) return null;
  const version = `${row.corrections} ${row.last_correction?.toISOString()} ${row.trained_at.toISOString()}`;
  const known = opened.get(bureauId);
  if (known?.version === version) return known.model;
  const model = openMessageModel(await readModel(tx, bureauId));
  if (opened.size >= mostOpened) opened.clear();
  opened.set(bureauId, { version, model });
  return model;
}
