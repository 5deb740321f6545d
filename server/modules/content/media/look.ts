import sharp from 'sharp';

/** Of 128; what compression, scaling and a small logo change stays below, another picture of the same place does not. */
export const nearBits = 12;

/**
 * Difference hash: the picture as 9 × 9 grey cells, one bit whether a cell is darker than its right, one whether it is
 * darker than its lower neighbour. '0' and '1', 128 of them. Null for pictures without contrast: a plain ground looks
 * like every other.
 */
export async function lookOf(bytes: Buffer): Promise<string | null> {
  const cells = await sharp(bytes)
    .flatten({ background: '#ffffff' })
    .greyscale()
    .resize(9, 9, { fit: 'fill' })
    .raw()
    .toBuffer();
  if (Math.max(...cells) - Math.min(...cells) < 16) return null;
  const at = (row: number, column: number) => cells[row * 9 + column]!;
  let bits = '';
  for (let row = 0; row < 8; row += 1) {
    for (let column = 0; column < 8; column += 1) {
      bits += at(row, column) < at(row, column + 1) ? '1' : '0';
      bits += at(row, column) < at(row + 1, column) ? '1' : '0';
    }
  }
  return bits;
}
