/** Somebody at the public forms: over HTTP, as a browser without a script sends them. */
import { solveChallenge } from 'altcha-lib/v1';
import { expect } from 'vitest';

export type Page = { status: number; html: string; headers: Headers };
export const fieldOf = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

export const unescapeHtml = (text: string): string =>
  text.replaceAll(/&#(\d+);/g, (_, point) => String.fromCodePoint(Number(point)));

/** What the page's script does while a person writes; without it only a few questions an hour are taken. */
export async function prove(html: string): Promise<string> {
  const given = unescapeHtml(/data-proof="([^"]+)"/.exec(html)![1]!);
  const { algorithm, challenge, maxnumber, salt, signature } = JSON.parse(given);
  const solution = await solveChallenge(challenge, salt, algorithm, maxnumber).promise;
  const payload = { algorithm, challenge, number: solution!.number, salt, signature };
  return Buffer.from(JSON.stringify(payload)).toString('base64');
}

export function visitor(url: string) {
  const open = async (path: string, init: RequestInit = {}): Promise<Page> => {
    const answer = await fetch(`${url}${path}`, { redirect: 'manual', ...init });
    return { status: answer.status, html: await answer.text(), headers: answer.headers };
  };
  const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    open(path, { method: 'POST', body: new URLSearchParams(fields), headers });

  async function send(fields: Record<string, string>): Promise<Page> {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return open('/ask/send', { method: 'POST', body });
  }

  /** A browser that keeps cookies, as most do. */
  function visit(): (path: string, fields?: Record<string, string>) => Promise<Page> {
    const jar = new Map<string, string>();
    return async (path, fields) => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const page = await open(path, {
        headers: { cookie },
        ...(fields ? { method: 'POST', body: new URLSearchParams(fields) } : {}),
      });
      for (const set of page.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!;
        if (value) jar.set(name!, value);
        else jar.delete(name!);
      }
      return page;
    };
  }

  /** The three pages from the first words to the receipt. */
  async function ask(text: string): Promise<{ receipt: string; code: string }> {
    const checked = await post('/ask/check', { text });
    const received = await send({
      text,
      key: fieldOf(checked.html, 'key'),
      proof: await prove(checked.html),
      page: '',
    });
    expect(received.status).toBe(200);
    return { receipt: fieldOf(received.html, 'receipt'), code: fieldOf(received.html, 'code') };
  }

  return { open, post, send, ask, visit };
}
