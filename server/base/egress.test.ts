import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Exchange } from '#shared/outbound.ts';
import { closeEgress, createPlatformHttp } from './egress.ts';
import { OutboundError } from './outbound-error.ts';

const open: Server[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  await closeEgress();
  for (const socket of sockets) socket.destroy();
  for (const server of open.splice(0)) await new Promise((done) => server.close(done));
});

/** `host` null: every address, IPv6 too where the machine has it. */
async function listen(server: Server, host: string | null = '127.0.0.1'): Promise<number> {
  open.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen({ port: 0, ...(host ? { host } : {}) }, done));
  return (server.address() as AddressInfo).port;
}

const platform = (answer: (request: IncomingMessage, response: ServerResponse) => void) =>
  listen(createServer(answer));

function client(port: number, options: { scheme?: string; path?: string; allowPrivate?: boolean } = {}) {
  const exchanges: Exchange[] = [];
  const { scheme = 'http', path = '', allowPrivate = true } = options;
  const http = createPlatformHttp({
    baseUrl: `${scheme}://127.0.0.1:${port}${path}`,
    allowPrivate,
    record: (exchange) => exchanges.push(exchange),
  });
  return { http, exchanges };
}

async function failure(call: Promise<unknown>): Promise<OutboundError> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OutboundError);
  return error as OutboundError;
}

describe('an answered call', () => {
  test('goes below the base path and gives status, headers and body', async () => {
    const port = await platform((request, response) => {
      response.writeHead(403, { 'X-Seen': request.url ?? '' }).end('{"error_code":"10017"}');
    });
    const { http } = client(port, { path: '/sandbox/weibo/' });
    const answer = await http.request({ method: 'GET', path: '/2/a.json', query: { id: 7, q: '回声' } });
    expect(answer.status).toBe(403);
    expect(answer.headers['x-seen']).toBe('/sandbox/weibo/2/a.json?id=7&q=%E5%9B%9E%E5%A3%B0');
    expect(answer.json()).toEqual({ error_code: '10017' });
    expect(http.baseUrl).toBe(`http://127.0.0.1:${port}/sandbox/weibo`);
  });

  test('sends JSON as raw UTF-8, forms urlencoded and files as multipart', async () => {
    const bodies: { type: string; text: string }[] = [];
    const port = await platform(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      bodies.push({
        type: request.headers['content-type'] ?? '',
        text: Buffer.concat(chunks).toString('latin1'),
      });
      response.end('ok');
    });
    const { http } = client(port);
    await http.request({ method: 'POST', path: '/j', json: { title: '退休' } });
    await http.request({ method: 'POST', path: '/f', form: { status: '退休 a&b' } });
    const multipart = new FormData();
    multipart.set('pic', new Blob(['PNG'], { type: 'image/png' }), 'a.png');
    await http.request({ method: 'POST', path: '/m', multipart });
    expect(Buffer.from(bodies[0]!.text, 'latin1').toString('utf8')).toBe('{"title":"退休"}');
    expect(bodies[1]!.text).toBe('status=%E9%80%80%E4%BC%91+a%26b');
    expect(bodies[2]!.type).toMatch(/^multipart\/form-data; boundary=/);
    expect(bodies[2]!.text).toContain('name="pic"; filename="a.png"');
  });

  test('does not follow a redirect', async () => {
    let hits = 0;
    const port = await platform((_request, response) => {
      hits += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const { http } = client(port);
    const answer = await http.request({ method: 'GET', path: '/' });
    expect([answer.status, hits]).toEqual([302, 1]);
  });

  test('with a body that is not JSON throws SyntaxError from json() only', async () => {
    const port = await platform((_request, response) => response.end('<html>502</html>'));
    const answer = await client(port).http.request({ method: 'GET', path: '/' });
    expect(answer.text()).toBe('<html>502</html>');
    expect(() => answer.json()).toThrow(SyntaxError);
  });
});

describe('a failure is before-write only when nothing can have left', () => {
  test('refused connection', async () => {
    const port = await platform(() => {});
    await new Promise((done) => open.pop()!.close(done));
    const { http, exchanges } = client(port);
    const error = await failure(http.request({ method: 'POST', path: '/', json: {} }));
    expect([error.stage, error.code]).toEqual(['before-write', 'ECONNREFUSED']);
    expect(exchanges).toMatchObject([{ status: null, firstByteAt: null }]);
  });

  test('name that does not resolve', async () => {
    const http = createPlatformHttp({ baseUrl: 'http://nowhere.invalid', allowPrivate: false, record() {} });
    const error = await failure(http.request({ method: 'POST', path: '/', json: {} }));
    expect(error.stage).toBe('before-write');
    expect(error.code).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  });

  test('TLS that fails on a fresh socket', async () => {
    const port = await listen(createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    const { http } = client(port, { scheme: 'https' });
    const error = await failure(http.request({ method: 'POST', path: '/', json: {} }));
    expect(error.stage).toBe('before-write');
  });

  test('deadline while the TLS handshake hangs, and the request is never sent later', async () => {
    const port = await listen(createTcpServer(() => {}));
    const { http, exchanges } = client(port, { scheme: 'https' });
    const error = await failure(http.request({ method: 'POST', path: '/', json: {}, timeoutMs: 100 }));
    expect([error.stage, error.code]).toEqual(['before-write', 'TIMEOUT']);
    expect(exchanges[0]!.firstByteAt).toBeNull();
  });

  test.each([
    ['before the headers', (response: ServerResponse) => void response.socket],
    [
      'in the body',
      (response: ServerResponse) => response.writeHead(200, { 'content-length': 100 }).write('half'),
    ],
  ])('a stall %s is after-write and keeps the total deadline', async (_where, stall) => {
    const port = await platform((_request, response) => void stall(response));
    const { http, exchanges } = client(port);
    const begun = performance.now();
    const error = await failure(http.request({ method: 'POST', path: '/', json: {}, timeoutMs: 150 }));
    expect([error.stage, error.code]).toEqual(['after-write', 'TIMEOUT']);
    expect(performance.now() - begun).toBeLessThan(2000);
    expect(exchanges[0]!.firstByteAt).toBeInstanceOf(Date);
  });

  test('a body that drips does not stretch the deadline', async () => {
    const port = await platform((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const error = await failure(client(port).http.request({ method: 'GET', path: '/', timeoutMs: 200 }));
    expect(error.code).toBe('TIMEOUT');
  });

  test('reset after the request was read, and reset in the middle of the body', async () => {
    const port = await platform((request, response) => {
      if (request.url === '/headers') return void request.socket.destroy();
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => request.socket.destroy());
    });
    const { http } = client(port);
    for (const path of ['/headers', '/body']) {
      const error = await failure(http.request({ method: 'POST', path, json: {} }));
      expect(error.stage).toBe('after-write');
    }
  });

  test('reset on a re-used connection is ambiguous, hence after-write', async () => {
    const served = new WeakSet<object>();
    let reused = false;
    const port = await platform((request, response) => {
      reused = served.has(request.socket);
      served.add(request.socket);
      if (request.method === 'POST' && reused) return void request.socket.destroy();
      response.end('ok');
    });
    const { http } = client(port);
    const post = () => http.request({ method: 'POST', path: '/', json: {} });
    // The pool may open a second socket while the first is still being freed; a few calls settle it.
    let outcome: unknown = null;
    for (let call = 0; call < 50 && outcome === null; call += 1) {
      outcome = await post().then(
        () => null,
        (reason: unknown) => reason,
      );
    }
    expect(reused).toBe(true);
    const error = await failure(Promise.reject(outcome));
    expect(error.stage).toBe('after-write');
  });

  test('a body over 10 MiB is cut off, and nobody can say that it was not accepted', async () => {
    const port = await platform((_request, response) => response.end(Buffer.alloc(10 * 1024 * 1024 + 1)));
    const error = await failure(client(port).http.request({ method: 'GET', path: '/' }));
    expect([error.stage, error.code]).toEqual(['after-write', 'BODY_TOO_LARGE']);
  });
});

describe('addresses', () => {
  const spellings = [
    ...['127.0.0.1', '127.1', '2130706433', '0177.0.0.1', '0x7f.1', '0x7f000001', '127.0.0.1.'],
    ...['１２７.０.０.１', '127.255.255.254', '0.0.0.0', '0', 'localhost', 'localhost.', 'LOCALHOST'],
    ...['[::1]', '[0:0:0:0:0:0:0:1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]'],
  ];
  test.each(spellings)('loopback spelled %s is refused before a socket is opened', async (host) => {
    let connections = 0;
    const port = await listen(
      createTcpServer((socket) => {
        connections += 1;
        socket.destroy();
      }),
      null,
    );
    const http = createPlatformHttp({ baseUrl: `http://${host}:${port}`, allowPrivate: false, record() {} });
    const error = await failure(http.request({ method: 'GET', path: '/' }));
    expect([error.stage, connections]).toEqual(['before-write', 0]);
    // Some resolvers know no rooted `localhost.`; those that do answer loopback.
    expect(error.code).toMatch(host === 'localhost.' ? /^(ADDRESS_REFUSED|ENOTFOUND)$/ : /^ADDRESS_REFUSED$/);
  });

  test('the exact host and port on the operator’s list is reached, its neighbour port is not', async () => {
    const port = await platform((_request, response) => response.end('ok'));
    const reach = (allowed: number) =>
      createPlatformHttp({
        baseUrl: `http://127.0.0.1:${port}`,
        allowPrivate: false,
        allowedHosts: [`127.0.0.1:${allowed}`],
        record() {},
      }).request({ method: 'GET', path: '/' });
    expect((await reach(port)).status).toBe(200);
    expect((await failure(reach(port + 1))).code).toBe('ADDRESS_REFUSED');
  });

  test('an entry of the list without a port means 80 and 443, and brackets are understood', async () => {
    const reach = async (entry: string, baseUrl: string) =>
      (
        await failure(
          createPlatformHttp({ baseUrl, allowPrivate: false, allowedHosts: [entry], record() {} }).request({
            method: 'GET',
            path: '/',
            timeoutMs: 2000,
          }),
        )
      ).code;
    // Refused by nobody listening, not by our list.
    expect(await reach('[::1]:1', 'http://[::1]:1')).not.toBe('ADDRESS_REFUSED');
    expect(await reach('127.0.0.1', 'http://127.0.0.1:1')).toBe('ADDRESS_REFUSED');
    const port = await platform(() => {});
    expect(await reach('127.0.0.1', `http://127.0.0.1:${port}`)).toBe('ADDRESS_REFUSED');
  });

  test('an absolute URL is for the platform itself, its sub-domains and the operator’s list', async () => {
    const http = createPlatformHttp({
      baseUrl: 'https://api.example.invalid',
      allowPrivate: false,
      allowedHosts: ['files.example.invalid:443'],
      record() {},
    });
    const codeFor = async (path: string) => (await failure(http.request({ method: 'GET', path }))).code;
    expect(await codeFor('https://m.api.example.invalid/x')).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
    expect(await codeFor('https://files.example.invalid/x')).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
    for (const path of [
      'https://evilapi.example.invalid/',
      'http://api.example.invalid/',
      'https://api.example.invalid.evil.invalid/',
      'file:///etc/passwd',
    ]) {
      expect(await codeFor(path)).toBe('HOST_REFUSED');
    }
  });

  test('further domains of the platform are reachable, with their sub-domains, and never when private', async () => {
    const http = createPlatformHttp({
      baseUrl: 'https://api.example.invalid',
      domains: ['upload.invalid', 'localhost'],
      allowPrivate: false,
      record() {},
    });
    const codeFor = async (path: string) => (await failure(http.request({ method: 'POST', path }))).code;
    for (const path of ['https://upload.invalid/x', 'http://bj.upload.invalid/x'])
      expect(await codeFor(path)).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
    expect(await codeFor('http://localhost/x')).toBe('ADDRESS_REFUSED');
    for (const path of ['https://evilupload.invalid/', 'https://upload.invalid:8443/'])
      expect(await codeFor(path)).toBe('HOST_REFUSED');
  });

  test('bytes are sent as they are, and only their number is recorded', async () => {
    const port = await platform((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({
            type: request.headers['content-type'],
            hex: Buffer.concat(chunks).toString('hex'),
          }),
        );
      });
    });
    const { http, exchanges } = client(port);
    const answer = await http.request({ method: 'POST', path: '/part', bytes: Buffer.from([0, 255, 128]) });
    expect(answer.json()).toEqual({ type: 'application/octet-stream', hex: '00ff80' });
    expect(exchanges[0]?.request).toEqual({ bytes: 3 });
  });

  test('a path cannot climb out of the base', async () => {
    const { http } = client(1, { path: '/sandbox/weibo' });
    const error = await failure(http.request({ method: 'GET', path: '/../../_control/faults' }));
    expect(error.code).toBe('HOST_REFUSED');
  });

  test('a base address that is none is refused in words', () => {
    for (const baseUrl of ['', 'api.weibo.com', 'ftp://api.weibo.com', 'https://a/?x=1']) {
      expect(() => createPlatformHttp({ baseUrl, allowPrivate: false, record() {} })).toThrow(
        /平台地址不正确/,
      );
    }
  });
});
