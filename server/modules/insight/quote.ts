import { maskPersonalData } from '#server/base/text/personal-data.ts';

const quoteUnits = 60;
/** Less says nothing. */
const shortestName = 4;

/**
 * The first sentence of somebody's words, fit to be shown. Masked before it is cut: half a telephone number is not recognised as
 * one.
 * @param nobodys words like names that the bureau knows to be nobody's
 */
export function quoteOf(text: string, nobodys: ReadonlySet<string>): string {
  const sentence = firstSentence(maskPersonalData(text, nobodys).masked);
  return sentence.length > quoteUnits ? `${sentence.slice(0, quoteUnits - 1)}…` : sentence;
}

/** A sentence as the name of an issue: without the parts in which something personal was masked (电话138****5678). */
export function nameOf(text: string, nobodys: ReadonlySet<string>): string {
  const quote = quoteOf(text, nobodys);
  const parts = quote.split(/(?=[，,；;])/).filter((part) => !part.includes('*'));
  const name = parts.join('').replace(/^[，,；;\s]+/, '');
  return name.length < shortestName ? quote : name;
}

/** Greetings come first in most messages and are about nothing. */
export function firstSentence(text: string): string {
  const body = text.trim().replace(/^(?:您好|你好|请问|领导)[，,。！!：:\s]*/, '');
  return (body.split(/[。！？!?\n]/)[0] ?? '').trim();
}
