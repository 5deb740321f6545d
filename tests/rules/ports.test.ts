/** Environment, time, randomness and the network have one door each, so that a test or an operator can stand in it. */
import { describe, expect, test } from 'vitest';
import { clean, judge } from './support/exceptions.ts';
import { findLines } from './support/scan.ts';
import { loadSources, place, type Source } from './support/tree.ts';

const sources = loadSources();
const product = sources.filter((source) => !source.test);
const behindBase = product.filter(
  ({ path }) => /^(server|connectors|shared|site)\//.test(path) && !path.startsWith('server/base/'),
);

function hits(files: readonly Source[], pattern: RegExp) {
  return files.flatMap(({ path, bare, text }) =>
    findLines(bare, pattern, text).map((hit) => ({ key: path, line: place(path, hit.line, hit.text) })),
  );
}

const environment = /\bprocess\s*\.\s*env\b|\bprocess\s*\[|\bloadEnvFile\b/g;
/** Handing the path on to a child process reads no setting. */
const environmentInTests = new RegExp(`(?:${environment.source})(?!\\s*\\.\\s*PATH\\b)`, 'g');
const time =
  /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(?:\(\s*\)|(?![\s(]))|(?<!\bnew\s)\bDate\(\)|\bperformance\s*\.\s*now\b|\bhrtime\b/g;
const dice = /\bMath\s*\.\s*random\b|\brandom(?:Bytes|UUID|Int|FillSync)\s*\(|\bgetRandomValues\b/g;
const network =
  /(?<![.\w])fetch\s*\(|\bglobalThis\s*\.\s*fetch\b|\bnew\s+(?:WebSocket|EventSource|XMLHttpRequest)\b/g;
const networkParts = /^(?:undici|axios|got|node-fetch|(?:node:)?(?:http|https|http2|net|tls|dgram))$/;

describe('one door each', () => {
  test('the environment is read in server/config.ts and nowhere else in the product', () => {
    expect(
      judge(hits(product, environment), {
        'server/config.ts': 'the one place',
        'sandbox/main.ts': 'a process of its own that shares no code with the product',
        'bench/*': 'a bench starts the program with settings of its own',
        'tools/*': 'tools run beside the program, before its settings are read',
      }),
    ).toEqual(clean);
  });

  test('tests read the environment in their supports alone', () => {
    expect(
      judge(
        hits(
          sources.filter((source) => source.test),
          environmentInTests,
        ),
        {
          'tests/support/*': 'the database that was given, the path of Node',
          'tests/journeys/support/*': 'the browser that was given',
          'tests/servers/support/*': 'handed on to other people’s servers',
          'sandbox/core/sandbox.test.ts':
            'starts the stand-ins as a process, with the environment it inherited',
          'tools/*': 'the tools are processes; their environment is what is tested',
        },
      ),
    ).toEqual(clean);
  });

  test('time comes from server/base/clock.ts or from the database', () => {
    expect(
      judge(hits(behindBase, time), {
        'server/main.ts': 'the start is measured before anything is loaded',
        'server/cli/serve.ts': 'the same start, by its other name',
        'server/cli/doctor-database.ts':
          'how far this machine’s clock is from the database’s is what it looks for',
      }),
    ).toEqual(clean);
  });

  test('the stand-ins’ time comes from their own clock, which tests advance', () => {
    const sandbox = product.filter(({ path }) => path.startsWith('sandbox/'));
    expect(
      judge(hits(sandbox, time), {
        'sandbox/core/clock.ts': 'the one place',
        'sandbox/core/pushes.ts': 'how long the other side took to answer a push is real time',
      }),
    ).toEqual(clean);
  });

  test('randomness comes from server/base', () => {
    expect(
      judge(hits(behindBase, dice), {
        'server/modules/people/session.ts': '256 bits for the session cookie: nothing a test may foresee',
        'server/modules/people/password.ts': 'salt of a password hash: nothing a test may foresee',
        'server/modules/people/second-factor/totp.ts':
          'the shared secret of an authenticator: nothing a test may foresee',
        'server/cli/token.ts': '256 bits for an API token: nothing a test may foresee',
        'connectors/douyin-scan/share.ts': 'nonce of a signed share link, as the platform wants it',
        'server/seed/stand-ins.ts': 'secrets in the very forms that platforms issue',
      }),
    ).toEqual(clean);
  });

  test('outbound calls go through server/base/egress.ts, which refuses private addresses', () => {
    const imports = behindBase.flatMap(({ path, imports: list }) =>
      list
        .filter((one) => !one.typeOnly && networkParts.test(one.specifier))
        .map((one) => ({ key: path, line: `${path} imports ${one.specifier}` })),
    );
    expect(
      judge([...hits(behindBase, network), ...imports], {
        'server/cli/doctor-machine.ts': 'asks our own public address, which may well be a private one',
        'server/sandbox-process.ts': 'asks our own child process on the loopback whether it lives',
        'server/seed/stand-ins.ts': 'sets up our own stand-ins on the loopback',
      }),
    ).toEqual(clean);
  });

  test('the staff app calls the server in staff/lib alone', () => {
    const staff = product.filter(({ path }) => path.startsWith('staff/') && !path.startsWith('staff/lib/'));
    expect(staff.length).toBeGreaterThan(50);
    expect(judge(hits(staff, network), {})).toEqual(clean);
  });
});

describe('the patterns', () => {
  const find = (pattern: RegExp, text: string) => findLines(text, pattern).length;

  test.each([
    ['Date.now()', 1],
    ['new Date()', 1],
    ['new Date', 1],
    ['performance.now()', 1],
    ['new Date(text)', 0],
    ['Date.parse(text)', 0],
    ['x: Date; wallDate()', 0],
  ])('time in %j: %i', (text, count) => expect(find(time, text)).toBe(count));

  test.each([
    ['await fetch(url)', 1],
    ['http.fetch(url)', 0],
    ['prefetch(url)', 0],
    ['new EventSource(url)', 1],
  ])('network in %j: %i', (text, count) => expect(find(network, text)).toBe(count));

  test.each([
    ['process.env.PORT', 1],
    ["process['env']", 1],
    ['process.exit(1)', 0],
  ])('environment in %j: %i', (text, count) => expect(find(environment, text)).toBe(count));
});
