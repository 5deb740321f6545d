/** The one place where a stand-in's API answers: each stand-in writes its normal behaviour, this misbehaves. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Fault } from './faults.ts';
import type { World } from './world.ts';

/** What the platform says when all is well; `status` 200 unless the platform's errors use another. */
export type Answer = { status?: number } & ({ json: unknown } | { file: Buffer; type: string });

const GATEWAY_PAGE =
  '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

/** What a handler gives instead of JSON where the platform answers with a file. */
export class FileAnswer {
  readonly file: Buffer;
  readonly type: string;
  constructor(file: Buffer, type: string) {
    this.file = file;
    this.type = type;
  }
}

export const answerOf = (result: unknown): Answer =>
  result instanceof FileAnswer ? { file: result.file, type: result.type } : { json: result };

/**
 * Runs one API call under whatever fault is armed for it.
 * @param path the API path with its query, as the platform documents it (without the sandbox prefix)
 */
export async function answer(
  world: World,
  platform: string,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
  run: () => Answer | Promise<Answer>,
): Promise<FastifyReply> {
  const fault = world.faults.take(platform, path);
  if (!fault) return send(reply, await run());
  if (fault.kind === 'slow') {
    await sleep(fault.ms);
    return send(reply, await run());
  }
  // The body of an accepted call is made even where it is thrown away: the state and the ledger must change.
  const normal = fault.accept ? await run() : { json: {} };
  return misbehave(fault, normal, request, reply);
}

function send(reply: FastifyReply, result: Answer): FastifyReply {
  const { type, body } = encode(result);
  return reply
    .code(result.status ?? 200)
    .type(type)
    .send(body);
}

function encode(result: Answer): { type: string; body: Buffer } {
  if ('file' in result) return { type: result.type, body: result.file };
  return { type: 'application/json; charset=utf-8', body: Buffer.from(JSON.stringify(result.json)) };
}

/** The first half, and at least a byte. */
const half = (body: Buffer): Buffer => body.subarray(0, Math.max(1, Math.floor(body.length / 2)));

async function misbehave(
  fault: Exclude<Fault, { kind: 'slow' }>,
  normal: Answer,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  switch (fault.kind) {
    case 'status': {
      const text = typeof fault.body === 'string';
      return reply
        .code(fault.status)
        .type(text ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8')
        .headers(fault.headers ?? {})
        .send(text ? fault.body : JSON.stringify(fault.body ?? {}));
    }
    case 'answer':
      return send(reply, { json: fault.body });
    case 'html':
      return reply.code(200).type('text/html; charset=utf-8').send(GATEWAY_PAGE);
    case 'truncate': {
      const { type, body } = encode(normal);
      return reply.code(200).type(type).send(half(body));
    }
    case 'lose-answer':
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    case 'stall':
      stall(fault, normal, request, reply);
      return reply;
  }
}

function stall(
  fault: Extract<Fault, { kind: 'stall' }>,
  normal: Answer,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  reply.hijack();
  if (fault.at === 'body') {
    const { type, body } = encode(normal);
    reply.raw.writeHead(200, { 'content-type': type, 'content-length': body.length + 64 });
    reply.raw.write(half(body));
  }
  const timer = setTimeout(() => request.raw.socket.destroy(), fault.ms);
  request.raw.socket.once('close', () => clearTimeout(timer));
}
