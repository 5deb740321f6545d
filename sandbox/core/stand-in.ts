import type { FastifyInstance } from 'fastify';
import type { World } from './world.ts';

/** One platform that stands in for the real one. */
export type StandIn = {
  /** Also its path: everything lies under `/sandbox/<id>`. */
  id: string;
  label: { zh: string; en: string };
  /**
   * Adds the platform's routes. `app` is already prefixed with `/sandbox`, so API routes are `/<id>/…`, the human
   * page is `/<id>/` and account set-up is `/_control/<id>/…`.
   */
  register(app: FastifyInstance, world: World): void;
};
