import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance } from 'fastify';
import { errorBody } from '#shared/errors.ts';
import { AppError } from '../app-error.ts';
import { newCode } from '../ids.ts';
import { log } from '../log.ts';

/** Every failure leaves as an ErrorBody; what was not expected is logged under a number the person can quote. */
/** @param uploadLimitMb what a person is told when a file is too large for one request */
export function handleErrors(server: FastifyInstance, uploadLimitMb = 20): void {
  server.setErrorHandler((error: FastifyError | AppError, request, reply) => {
    if (error instanceof AppError) {
      if (error.status >= 500)
        log.error(
          { error: error.message, cause: String(error.cause), url: request.routeOptions.url },
          'request failed',
        );
      if (error.code === 'too-many-requests' || error.code === 'sign-in-locked') {
        reply.header('retry-after', String(error.details.seconds ?? 60));
      }
      return reply.status(error.status).send(errorBody(error.code, error.details));
    }
    const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500;
    if (status === 413) return reply.status(413).send(errorBody('file-too-large', { limit: uploadLimitMb }));
    if (status < 500) {
      return reply
        .status(status)
        .send(errorBody('input-invalid', { problem: STATUS_CODES[status] ?? error.message }));
    }
    const id = newCode(8);
    log.error(
      { id, error: error.message, stack: error.stack, url: request.routeOptions.url },
      'unexpected failure',
    );
    return reply.status(500).send(errorBody('internal', { id }));
  });
  server.setNotFoundHandler((_request, reply) => reply.status(404).send(errorBody('not-found')));
}
