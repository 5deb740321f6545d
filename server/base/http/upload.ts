import type { FastifyRequest } from 'fastify';
import { AppError } from '../app-error.ts';

/** The one file of a multipart request, whole. @throws {AppError} input-invalid */
export async function readUpload(request: FastifyRequest): Promise<{ bytes: Buffer; name: string }> {
  const part = request.isMultipart() ? await request.file() : undefined;
  if (!part) throw new AppError('input-invalid', { problem: '没有收到文件 / no file was received' });
  return { bytes: await part.toBuffer(), name: part.filename };
}
