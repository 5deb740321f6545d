/**
 * Sealing of credentials and personal data at rest: AES-256-GCM under a data key derived per bureau from the
 * master key, the place of the value as additional data, so that a sealed value moved to another row or column does
 * not open. Layout: suite byte (1) ‖ key number (uint16) ‖ nonce (12) ‖ tag (16) ‖ ciphertext.
 */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

export type Place = { bureauId: string; table: string; row: string; column: string };

/** Numbered master keys; the highest seals, all open. Rotation adds one and re-seals in the background. */
export type Keyring = ReadonlyMap<number, Buffer>;

export type Sealer = {
  seal(place: Place, clear: string | Buffer): Buffer;
  /** @throws {Error} when the key is missing or the bytes or their place were changed */
  open(place: Place, sealed: Buffer): Buffer;
  /** Derives a 32-byte key for another purpose (audit seals, cookies). */
  derive(purpose: string): Buffer;
};

const suite = 1;
const headerLength = 3;

export function createSealer(keyring: Keyring): Sealer {
  const current = Math.max(...keyring.keys());
  const cache = new Map<string, KeyObject>();

  function dataKey(number: number, bureauId: string): KeyObject {
    const name = `${number}:${bureauId}`;
    const cached = cache.get(name);
    if (cached) return cached;
    const master = keyring.get(number);
    if (!master)
      throw new Error(`key ${number} is not in the keyring; restore the key file that sealed this value`);
    const key = createSecretKey(
      Buffer.from(hkdfSync('sha256', master, '', `huisheng bureau ${bureauId}`, 32)),
    );
    cache.set(name, key);
    return key;
  }

  const bind = (place: Place, header: Buffer) =>
    Buffer.concat([
      header,
      Buffer.from([place.bureauId, place.table, place.row, place.column].join('\u0000')),
    ]);

  return {
    seal(place, clear) {
      const header = Buffer.from([suite, current >> 8, current & 0xff]);
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', dataKey(current, place.bureauId), nonce);
      cipher.setAAD(bind(place, header));
      const body = Buffer.concat([cipher.update(clear), cipher.final()]);
      return Buffer.concat([header, nonce, cipher.getAuthTag(), body]);
    },
    open(place, sealed) {
      if (sealed[0] !== suite || sealed.length < headerLength + 28) throw new Error('not a sealed value');
      const header = sealed.subarray(0, headerLength);
      const decipher = createDecipheriv(
        'aes-256-gcm',
        dataKey(header.readUInt16BE(1), place.bureauId),
        sealed.subarray(3, 15),
      );
      decipher.setAAD(bind(place, header));
      decipher.setAuthTag(sealed.subarray(15, 31));
      return Buffer.concat([decipher.update(sealed.subarray(31)), decipher.final()]);
    },
    derive(purpose) {
      // Always of the first key: what was signed before a rotation must verify after it.
      const first = keyring.get(Math.min(...keyring.keys()))!;
      return Buffer.from(hkdfSync('sha256', first, '', `huisheng purpose ${purpose}`, 32));
    },
  };
}
