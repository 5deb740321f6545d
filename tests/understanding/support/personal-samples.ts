/** Texts with marked personal data, drawn from `personal-carriers.ts`; the same seed gives the same ones. */
import { seeded } from '#server/base/text/learn/seeded.ts';
import { carriers, innocent } from './personal-carriers.ts';
import { furtherSentences } from './personal-sentences.ts';
import * as value from './personal-values.ts';

type Entity = { type: string; start: number; end: number };
type Sample = { text: string; entities: Entity[] };

const { between, digits, pick, two } = value;

/** Slots in capitals are personal data: what they are called in answers, and how one is made. */
const kinds: Record<string, readonly [string, (random: value.Random) => string]> = {
  NAME: ['NAME', value.personName],
  MOBILE: ['PHONE', value.mobile],
  LANDLINE: ['PHONE', value.landline],
  EXTENSION: ['PHONE', value.withExtension],
  ID: ['ID_CARD', value.identity],
  BADID: ['ID_CARD', value.wrongIdentity],
  OLDID: ['ID_CARD_15', value.oldIdentity],
  LICENSE: ['DRIVER_LICENSE', value.plainIdentity],
  CARD: ['BANK_CARD', value.bankCard],
  BADCARD: ['BANK_CARD', value.wrongCard],
  USCC: ['USCC', value.creditCode],
  PASSPORT: ['PASSPORT', value.passport],
  PERMIT: ['PASSPORT', value.permit],
  PLATE: ['PLATE', value.plate],
  HKID: ['HK_ID', value.hongKongId],
  TWID: ['TW_ID', value.taiwanId],
  MILITARY: ['MILITARY_ID', value.military],
  ADDRESS: ['ADDRESS', value.address],
  EMAIL: ['EMAIL', value.email],
  SERVICE: ['SERVICE_PHONE', value.servicePhone],
  POSTCODE: ['POSTCODE', value.postcode],
};
/** Slots in small letters only look like it. */
const fillers: Record<string, (random: value.Random) => string> = {
  n1: (random) => String(between(random, 1, 9)),
  n2: (random) => String(between(random, 10, 99)),
  n4: (random) => String(between(random, 1_000, 9_999)),
  n5: (random) => String(between(random, 10_000, 99_999)),
  n6: (random) => String(between(random, 100_000, 999_999)),
  n8: (random) => between(random, 1, 9) + digits(random, 7),
  n12: (random) => between(random, 1, 9) + digits(random, 11),
  n13: (random) => between(random, 1, 9) + digits(random, 12),
  n14: (random) => between(random, 1, 9) + digits(random, 13),
  n20: (random) => between(random, 1, 9) + digits(random, 19),
  n24: (random) => `62${digits(random, 22)}`,
  year: (random) => String(between(random, 2008, 2025)),
  date: (random) => `${between(random, 2008, 2025)}年${between(random, 1, 12)}月${between(random, 1, 28)}日`,
  day: (random) =>
    `${between(random, 2015, 2025)}-${two(between(random, 1, 12))}-${two(between(random, 1, 28))}`,
  yuan: (random) => `${between(random, 1, 99)},${digits(random, 3)}.${digits(random, 2)}`,
  surname: (random) => pick(random, [...'王李张刘陈杨赵黄周吴']),
  badmobile: (random) => pick(random, ['12', '10', '11']) + digits(random, 9),
  longmobile: (random) => `138${digits(random, 9)}`,
  badid: value.wrongIdentity,
};

function fill(carrier: string, random: value.Random): Sample {
  let text = '';
  const entities: Entity[] = [];
  for (const part of carrier.split(/(\{\w+\})/)) {
    const slot = part.startsWith('{') ? part.slice(1, -1) : null;
    const kind = slot === null ? undefined : kinds[slot];
    if (kind) {
      const made = kind[1](random);
      entities.push({ type: kind[0], start: text.length, end: text.length + made.length });
      text += made;
    } else if (slot !== null) {
      const filler = fillers[slot];
      if (!filler) throw new Error(`No slot ${slot}`);
      text += filler(random);
    } else text += part;
  }
  return { text, entities };
}

/** Goes through all sentences again and again, so that each weighs the same. */
export function drawSamples(
  count: number,
  seed: number,
  all: readonly string[] = [...carriers, ...innocent, ...furtherSentences],
): Sample[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, at) => fill(all[at % all.length]!, random));
}
