/**
 * `/hooks/:platform/:accountId`: the address a platform pushes to. A push is checked, sealed, committed, and only then
 * acknowledged; what it means is found out later (process-pushes.ts).
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PushCapability, PushRequest } from '#connectors/contract.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { now } from '#server/base/clock.ts';
import { log } from '#server/base/log.ts';
import { loadPushTarget, type PushTarget } from '#server/modules/accounts/index.ts';
import { createAutomaticAnswers } from '../automatic/answer-push.ts';
import type { PushIntake } from './push-intake.ts';
import { pushPlace } from './store.ts';

const bodyLimit = 1024 * 1024;
/** The platforms themselves give up after five to fifteen seconds; whoever lets a body drip holds a socket for nothing. */
const longestBodyMs = 20_000;
const accountIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

type Target = PushTarget & { push: PushCapability };

/** A Fastify plugin: encapsulated, because inside it every body is raw bytes. */
export async function pushRoutes(
  server: FastifyInstance,
  { app, intake, bodyMs = longestBodyMs }: { app: App; intake: PushIntake; bodyMs?: number },
): Promise<void> {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
    done(null, body),
  );
  server.addHook('preParsing', (request, reply, _body, done) => {
    const timer = setTimeout(() => {
      // What still drips would be taken for the next request.
      reply.header('connection', 'close');
      request.raw.emit('error', new AppError('push-too-slow'));
    }, bodyMs);
    const settled = () => clearTimeout(timer);
    request.raw.once('end', settled).once('close', settled);
    // Refused before its end (413): nobody listens for an error any more, and one without a listener ends the program.
    reply.raw.once('finish', settled);
    done();
  });
  const findTarget = targetFinder(app);
  const answerAtOnce = createAutomaticAnswers(app);

  server.get('/hooks/:platform/:accountId', async (request, reply) => {
    const { push, credentials } = await findTarget(request);
    const answer = push.verifyAddress(credentials, readRequest(request));
    if (answer === null) throw refused(request);
    return reply.type('text/plain; charset=utf-8').send(answer);
  });

  server.post('/hooks/:platform/:accountId', async (request, reply) => {
    const { bureauId, accountId, push, credentials } = await findTarget(request);
    const pushed = readRequest(request);
    const check = push.answerCheck?.(credentials, pushed);
    if (check) return reply.type('application/json; charset=utf-8').send(check);
    const opened = push.open(credentials, pushed, now());
    if (opened === null) throw refused(request);
    const { dedupKey, clear } = opened;
    const sealed = app.sealer.seal(pushPlace({ bureauId, accountId, dedupKey }), clear);
    await intake.accept({ bureauId, accountId, dedupKey, sealed });
    const automatic = await answerAtOnce({
      ...{ bureauId, accountId, push, credentials, request: pushed, dedupKey, clear },
    });
    if (automatic) return reply.type(automatic.contentType).send(automatic.body);
    if (push.acknowledge) {
      return reply.type('application/json; charset=utf-8').send(push.acknowledge(clear));
    }
    return reply.type('text/plain; charset=utf-8').send(push.acknowledgement);
  });
}

function targetFinder(app: App): (request: FastifyRequest) => Promise<Target> {
  // Pushes come in bursts: those that miss the account's cache together ask once.
  const asking = new Map<string, Promise<PushTarget | null>>();

  function load(accountId: string): Promise<PushTarget | null> {
    const underWay = asking.get(accountId);
    if (underWay) return underWay;
    const question = loadPushTarget(app, accountId).finally(() => asking.delete(accountId));
    asking.set(accountId, question);
    return question;
  }

  return async (request) => {
    const { platform, accountId } = request.params as { platform: string; accountId: string };
    const target = accountIdPattern.test(accountId) ? await load(accountId) : null;
    const push = target?.connector.push;
    if (!target || !push || target.connector.id !== platform) throw new AppError('not-found');
    return { ...target, push };
  };
}

function readRequest(request: FastifyRequest): PushRequest {
  return {
    method: request.method === 'GET' ? 'GET' : 'POST',
    query: firstValues(request.query as Record<string, unknown>),
    headers: firstValues(request.headers),
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  };
}

/** A name given twice is nothing a platform does; the first is taken. */
function firstValues(given: Record<string, unknown>): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (typeof first === 'string') values[name] = first;
  }
  return values;
}

function refused(request: FastifyRequest): AppError {
  const { accountId } = request.params as { accountId: string };
  // Neither body nor query is logged: a wrong signature may come with a citizen's words and the right nonce.
  log.info({ accountId, method: request.method }, 'a push was refused: its signature does not match');
  return new AppError('push-refused');
}
