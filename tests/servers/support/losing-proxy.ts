/** A TCP proxy that can swallow answers: the server has done the work and the caller never hears of it. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export type LosingProxy = {
  url: string;
  /** From now on every answer is cut off, or none is. */
  lose(losing: boolean): void;
  stop(): Promise<void>;
};

export async function startLosingProxy(target: string): Promise<LosingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let losing = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
    }
    near.pipe(far);
    far.on('data', (bytes) => (losing ? near.destroy() : near.write(bytes)));
    far.on('end', () => near.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    lose(value) {
      losing = value;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
