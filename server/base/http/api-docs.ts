import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { errorBody, errors } from '#shared/errors.ts';
import { type Route, takesTokens } from '#shared/route.ts';
import type { App } from '../app.ts';
import type { RouteSet } from './serve.ts';

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json =>
  z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' }) as Json;

function operationOf(route: Route): Json {
  const parameters = [
    ...parametersOf(route.params, 'path'),
    ...parametersOf(route.query, 'query'),
    ...(route.method === 'GET' || route.access === 'public'
      ? []
      : [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: true,
            schema: { type: 'string', pattern: '^[\\w-]{8,80}$' },
          },
        ]),
  ];
  return {
    summary: route.summary,
    'x-access': route.access,
    security: securityOf(route),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
          },
        }
      : {}),
    responses: {
      200: {
        description: 'OK',
        content: { 'application/json': { schema: schemaOf(route.reply, 'output') } },
      },
      default: {
        description: 'Failure',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

/** Any one of them is enough. */
function securityOf(route: Route): Json[] {
  if (route.access === 'public') return [];
  return takesTokens(route) ? [{ session: [] }, { token: [] }] : [{ session: [] }];
}

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: where,
    required: required.includes(name),
    schema: one,
  }));
}

/** OpenAPI 3.1 from the very objects that serve the routes. */
export function emitOpenApi(routes: readonly Route[], publicUrl: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Huisheng 回声', version: '0.1.0', license: { name: 'Apache-2.0' } },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-huisheng' },
        token: { type: 'http', scheme: 'bearer' },
      },
      schemas: {
        Error: {
          type: 'object',
          required: ['code', 'message', 'details'],
          properties: {
            code: { type: 'string', enum: Object.keys(errors) },
            message: { type: 'object', properties: { zh: { type: 'string' }, en: { type: 'string' } } },
            details: { type: 'object' },
          },
          example: errorBody('not-found'),
        },
      },
    },
  };
}

export function registerApiDocs(server: FastifyInstance, app: App, served: RouteSet): void {
  const routes = served.map(({ route }) => route);
  server.get('/api/openapi.json', async () => emitOpenApi(routes, app.config.publicUrl));
  server.get('/api/docs', async (_request, reply) => {
    const rows = routes
      .toSorted((a, b) => (a.path < b.path ? -1 : 1))
      .map(
        (route) =>
          `<tr><td><code>${route.method}</code></td><td><code>${route.path}</code></td><td>${route.access}</td><td>${route.summary}</td></tr>`,
      );
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(
        `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Huisheng API</title>` +
          `<style>body{font:15px/1.6 system-ui,sans-serif;margin:2rem;max-width:70rem}td,th{padding:.3rem .6rem;border-bottom:1px solid #ddd;text-align:left}</style>` +
          `<h1>Huisheng 回声 API</h1><p>The full description for programs is <a href="/api/openapi.json">openapi.json</a>.</p>` +
          `<table><thead><tr><th>Method</th><th>Path</th><th>Access</th><th>What</th></tr></thead><tbody>${rows.join('')}</tbody></table></html>`,
      );
  });
}
