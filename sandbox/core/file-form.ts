import type { FastifyRequest } from 'fastify';

/** A form of a stand-in's page with one file: what was typed, and the bytes; null where none was chosen. */
export async function readFileForm(
  request: FastifyRequest,
): Promise<{ fields: Record<string, string>; file: Buffer | null }> {
  const fields: Record<string, string> = {};
  let file: Buffer | null = null;
  if (!request.isMultipart()) return { fields, file };
  for await (const piece of request.parts()) {
    if (piece.type === 'field') fields[piece.fieldname] = String(piece.value);
    else file = await piece.toBuffer();
  }
  return { fields, file: file && file.length > 0 ? file : null };
}
