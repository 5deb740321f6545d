/** A mail server that keeps what it was given, and refuses what it is told to. In clear, with or without a password. */
import { createServer, type Socket } from 'node:net';

export type SmtpStage = {
  url: string;
  /** Whole messages as they came, the oldest first. */
  mails: { to: string; text: string }[];
  /** Answers from now on: `recipient` refuses every address for good, `down` closes each connection, `busy` says 451. */
  behave(as: 'well' | 'recipient' | 'down' | 'busy'): void;
  stop(): Promise<void>;
};

export async function startSmtpStage(login?: { user: string; password: string }): Promise<SmtpStage> {
  const mails: SmtpStage['mails'] = [];
  const open = new Set<Socket>();
  let manner: Parameters<SmtpStage['behave']>[0] = 'well';

  const server = createServer((socket) => {
    if (manner === 'down') return socket.destroy();
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    const say = (line: string) => socket.write(`${line}\r\n`);
    let [rest, data, to, known]: [string, string[] | null, string, boolean] = ['', null, '', !login];

    function hear(line: string): void {
      if (data) {
        if (line !== '.') return void data.push(line.replace(/^\./, ''));
        mails.push({ to, text: data.join('\n') });
        data = null;
        return void say('250 kept');
      }
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') return void say(login ? '250-stage\r\n250 AUTH PLAIN' : '250 stage');
      if (verb === 'AUTH') {
        const [, user, password] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
          .toString()
          .split('\0');
        known = user === login?.user && password === login?.password;
        return void say(known ? '235 welcome' : '535 wrong');
      }
      if (verb === 'MAIL')
        return void say(!known ? '530 who are you' : manner === 'busy' ? '451 later' : '250 ok');
      if (verb === 'RCPT') {
        to = /<([^>]*)>/.exec(line)?.[1] ?? '';
        return void say(manner === 'recipient' ? '550 no such box' : '250 ok');
      }
      if (verb === 'DATA') {
        data = [];
        return void say('354 go on');
      }
      say(verb === 'QUIT' ? '221 bye' : '250 ok');
    }

    say('220 stage');
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('utf8')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) hear(line);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const credentials = login ? `${login.user}:${encodeURIComponent(login.password)}@` : '';
  return {
    url: `smtp://${credentials}127.0.0.1:${port}`,
    mails,
    behave(as) {
      manner = as;
    },
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
