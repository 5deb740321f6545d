/** The one place where a stand-in's API answers: each stand-in writes its normal behaviour, this misbehaves. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Fault } from './faults.ts';
import type { World } from './world.ts';

/** What the platform says when all is well; `status` 200 unless the platform's errors use another. */
export type Answer = { status?: number; json: unknown };

const GATEWAY_PAGE =
  '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

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
  return reply
    .code(result.status ?? 200)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(result.json));
}

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
      const whole = JSON.stringify(normal.json);
      return reply
        .code(200)
        .type('application/json; charset=utf-8')
        .send(whole.slice(0, Math.max(1, Math.floor(whole.length / 2))));
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
    const whole = Buffer.from(JSON.stringify(normal.json));
    reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length + 64 });
    reply.raw.write(whole.subarray(0, Math.max(1, Math.floor(whole.length / 2))));
  }
  const timer = setTimeout(() => request.raw.socket.destroy(), fault.ms);
  request.raw.socket.once('close', () => clearTimeout(timer));
}
