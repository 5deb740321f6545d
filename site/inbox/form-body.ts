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

/**
 * Reads a form with files into memory.
 * @throws {AppError} file-too-large, input-invalid when there are too many files
 */
export async function readUploads(
  request: FastifyRequest,
  limits: { files: number; fileBytes: number },
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
        const bytes = await part.toBuffer();
        // A field for files that was left empty is sent as a file without bytes.
        if (bytes.length > 0) files.push({ bytes, name: part.filename.slice(0, 120) });
      }
    }
  } catch (error) {
    throw readableError(error, limits);
  }
  return formOf(fields, files);
}

function readableError(error: unknown, limits: { files: number; fileBytes: number }): unknown {
  const code = (error as { code?: string }).code;
  const megabytes = Math.floor(limits.fileBytes / 1_000_000);
  if (code === 'FST_REQ_FILE_TOO_LARGE') return new AppError('file-too-large', { limit: megabytes });
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
