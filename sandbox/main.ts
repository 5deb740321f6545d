/** The stand-in platforms as a process of their own; the only file here that reads the environment. */
import { startSandbox } from './start.ts';

const sandbox = await startSandbox({
  port: readPort(process.env.SANDBOX_PORT),
  host: process.env.SANDBOX_HOST || '127.0.0.1',
  stateFile: process.env.SANDBOX_STATE_FILE || undefined,
});
process.stdout.write(`${JSON.stringify({ ready: true, port: sandbox.port })}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void sandbox.stop().then(() => process.exit(0)));
}

function readPort(text: string | undefined): number {
  const port = Number(text || '0');
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  process.stderr.write(`SANDBOX_PORT 应为 0–65535，现在是 ${text}。It must be a port number.\n`);
  process.exit(2);
}
