/** What a form sent, whatever way it was sent: short fields, and pictures of a limited size. */
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '#server/base/app-error.ts';

const formType = 'application/x-www-form-urlencoded';
/** Ten times what is taken, each character sent as nine bytes: who pastes too much gets it back with its number. */
const formBytes = 256 * 1024;
/** Read to its end and dropped, so that the fields after a picture that is too large are not lost. Above it nobody waits. */
const patientBytes = 200 * 1024 * 1024;
const filesRead = 20;

export type FormBody = {
  /** The field without control characters and blanks around it; empty where it was not sent. */
  text(name: string, longest: number): string;
  files: readonly SentFile[];
  /** Why its files cannot be taken. What was typed is there all the same. */
  refusal: AppError | null;
};
type SentFile = { bytes: Buffer; name: string };

type UploadLimits = { files: number; fileBytes: number };

/** Idempotent: several features of the site take forms. */
export function takeForms(server: FastifyInstance): void {
  if (server.hasContentTypeParser(formType)) return;
  server.addContentTypeParser(
    formType,
    { parseAs: 'string', bodyLimit: formBytes },
    async (_request: FastifyRequest, body: string) => Object.fromEntries(new URLSearchParams(body)),
  );
}

export async function takeUploads(server: FastifyInstance): Promise<void> {
  if (!server.hasContentTypeParser('multipart/form-data')) await server.register(multipart);
}

export function readForm(request: FastifyRequest): FormBody {
  return formOf((request.body ?? {}) as Record<string, unknown>, [], null);
}

/** What strangers' forms may hold in memory at once, all together: a county's people never send as much in a minute. */
const heldAtMost = 128 * 1024 * 1024;
let held = 0;

/**
 * Reads a form with files into memory and hands it to `work`; what it held is free when that is done. Its `refusal` is
 * too-many-pictures, picture-too-large, or too-many-tries when all forms together hold too much.
 * @throws what `work` throws
 */
export async function withUploads<T>(
  request: FastifyRequest,
  limits: UploadLimits,
  work: (form: FormBody) => Promise<T>,
): Promise<T> {
  const mine = { bytes: 0 };
  try {
    return await work(await readUploads(request, limits, mine));
  } finally {
    held -= mine.bytes;
  }
}

async function readUploads(
  request: FastifyRequest,
  limits: UploadLimits,
  mine: { bytes: number },
): Promise<FormBody> {
  if (!request.isMultipart()) return readForm(request);
  const fields: Record<string, unknown> = {};
  const files: SentFile[] = [];
  const tooLarge: string[] = [];
  const patient = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY) <= patientBytes;
  let chosen = 0;
  const reading = {
    throwFileSizeLimit: false,
    limits: { files: filesRead, fileSize: limits.fileBytes, fields: 20, fieldSize: formBytes },
  };
  const parts = request.parts(reading);
  try {
    for await (const part of parts) {
      if (part.type === 'field') {
        fields[part.fieldname] = part.value;
        continue;
      }
      const name = part.filename.slice(0, 120);
      const bytes = await collect(part.file, mine, chosen < limits.files);
      // A field for files that was left empty is sent as a file without bytes.
      if (bytes !== null && bytes.length === 0) continue;
      chosen += 1;
      if (part.file.truncated) tooLarge.push(name);
      else if (bytes) files.push({ bytes, name });
      if (!patient && (chosen > limits.files || tooLarge.length > 0)) break;
    }
  } catch (error) {
    const tooMany = (error as { code?: string }).code === 'FST_FILES_LIMIT';
    if (!tooMany && !(error instanceof AppError)) throw error;
    return formOf(fields, [], tooMany ? refusalOf(limits, chosen, []) : (error as AppError));
  }
  return formOf(fields, files, refusalOf(limits, chosen, tooLarge));
}

function refusalOf(limits: UploadLimits, count: number, tooLarge: readonly string[]): AppError | null {
  if (count > limits.files) return new AppError('too-many-pictures', { count, limit: limits.files });
  if (tooLarge.length === 0) return null;
  const limit = Math.floor(limits.fileBytes / 1_000_000);
  return new AppError('picture-too-large', { name: tooLarge.join('”“'), limit });
}

/** @return null for one that is only read to its end */
async function collect(
  file: AsyncIterable<Buffer>,
  mine: { bytes: number },
  wanted: boolean,
): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of file) {
    if (!wanted) continue;
    held += chunk.length;
    mine.bytes += chunk.length;
    if (held > heldAtMost) throw new AppError('too-many-tries', { minutes: 1 });
    chunks.push(chunk);
  }
  return wanted ? Buffer.concat(chunks) : null;
}

function formOf(
  fields: Record<string, unknown>,
  files: FormBody['files'],
  refusal: AppError | null,
): FormBody {
  return {
    ...{ files, refusal },
    text(name, longest) {
      const value = fields[name];
      if (typeof value !== 'string') return '';
      const clean = value
        .toWellFormed()
        .replaceAll('\r\n', '\n')
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
        .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
        .trim();
      return Array.from(clean).slice(0, longest).join('');
    },
  };
}
