/** What a form sent, whatever way it was sent: short fields, and pictures of a limited size. */
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '#server/base/app-error.ts';

const formType = 'application/x-www-form-urlencoded';
/** Two thousand Chinese characters, each sent as nine bytes, and some room. */
const formBytes = 64 * 1024;

export type FormBody = {
  /** The field without control characters and blanks around it; empty where it was not sent. */
  text(name: string, longest: number): string;
  files: readonly { bytes: Buffer; name: string }[];
};

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
  return formOf((request.body ?? {}) as Record<string, unknown>, []);
}

/** What strangers' forms may hold in memory at once, all together: a county's people never send as much in a minute. */
const heldAtMost = 128 * 1024 * 1024;
let held = 0;

/**
 * Reads a form with files into memory and hands it to `work`; what it held is free when that is done.
 * @throws {AppError} file-too-large, input-invalid when there are too many files, too-many-tries when all forms together hold
 *   too much; and what `work` throws
 */
export async function withUploads<T>(
  request: FastifyRequest,
  limits: { files: number; fileBytes: number },
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
  limits: { files: number; fileBytes: number },
  mine: { bytes: number },
): Promise<FormBody> {
  if (!request.isMultipart()) return readForm(request);
  const fields: Record<string, unknown> = {};
  const files: { bytes: Buffer; name: string }[] = [];
  try {
    const parts = request.parts({
      limits: { files: limits.files, fileSize: limits.fileBytes, fields: 20, fieldSize: formBytes },
    });
    for await (const part of parts) {
      if (part.type === 'field') fields[part.fieldname] = part.value;
      else {
        const bytes = await collect(part.file, mine);
        if (part.file.truncated) throw tooLarge(limits);
        // A field for files that was left empty is sent as a file without bytes.
        if (bytes.length > 0) files.push({ bytes, name: part.filename.slice(0, 120) });
      }
    }
  } catch (error) {
    throw readableError(error, limits);
  }
  return formOf(fields, files);
}

async function collect(file: AsyncIterable<Buffer>, mine: { bytes: number }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of file) {
    held += chunk.length;
    mine.bytes += chunk.length;
    if (held > heldAtMost) throw new AppError('too-many-tries', { minutes: 1 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = ({ fileBytes }: { fileBytes: number }): AppError =>
  new AppError('file-too-large', { limit: Math.floor(fileBytes / 1_000_000) });

function readableError(error: unknown, limits: { files: number; fileBytes: number }): unknown {
  const code = (error as { code?: string }).code;
  if (code === 'FST_REQ_FILE_TOO_LARGE') return tooLarge(limits);
  if (code === 'FST_FILES_LIMIT') {
    return new AppError('input-invalid', {
      problem: `最多 ${limits.files} 张图片 / at most ${limits.files} pictures`,
    });
  }
  return error;
}

function formOf(fields: Record<string, unknown>, files: FormBody['files']): FormBody {
  return {
    files,
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
