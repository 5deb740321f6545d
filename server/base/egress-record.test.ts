import { expect, test } from 'vitest';
import { createMasker, describeRequest, describeResponse } from './egress-record.ts';

const SECRET = 'S3CRET-value-123';

test('secrets are masked in query, form, JSON at any depth and headers', () => {
  const mask = createMasker(['code']);
  const url = mask.url(new URL(`https://user:pw@a.example/x?access_token=${SECRET}&code=CODE99&id=1`));
  const request = describeRequest(
    {
      headers: { Authorization: `Bearer ${SECRET}` },
      json: { list: [{ Secret: SECRET, deep: { refresh_token: SECRET } }], note: '好' },
    },
    mask,
  );
  const form = describeRequest({ form: { client_secret: SECRET, status: '测试' } }, mask);
  const shown = JSON.stringify([url, request, form]);
  expect(shown).not.toContain(SECRET);
  expect(shown).not.toContain('CODE99');
  expect(shown).not.toContain('pw@');
  expect(url).toContain('id=1');
  expect(form).toEqual({ form: { client_secret: '***', status: '测试' } });
});

test('a secret of the request is masked where the answer repeats it under another name', () => {
  const mask = createMasker([]);
  mask.data({ access_token: SECRET });
  const answer = describeResponse(Buffer.from(`{"error":"bad ${SECRET}"}`), 'application/json', mask);
  expect(answer).toEqual({ error: 'bad ***' });
});

test('a token in JSON that was cut off, or in a web page, is masked', () => {
  const truncated = describeResponse(
    Buffer.from(`{"access_token":"${SECRET}","expi`),
    'application/json',
    createMasker([]),
  );
  expect(truncated).toBe('{"access_token":"***","expi');
  const page = describeResponse(
    Buffer.from(`<a href="?access_token=${SECRET}&x=1">`),
    'text/html',
    createMasker([]),
  );
  expect(page).toBe('<a href="?access_token=***&x=1">');
});

test('multipart is kept as names, sizes and types', () => {
  const multipart = new FormData();
  multipart.set('access_token', SECRET);
  multipart.set('status', '测试');
  multipart.set('pic', new Blob([Buffer.alloc(2048)], { type: 'image/png' }), 'a.png');
  expect(describeRequest({ multipart }, createMasker([]))).toEqual({
    multipart: [
      { name: 'access_token', value: '***' },
      { name: 'status', value: '测试' },
      { name: 'pic', file: 'a.png', type: 'image/png', bytes: 2048 },
    ],
  });
});

test('bodies over 8 KB are cut with a note, pictures are kept as a size', () => {
  const mask = createMasker([]);
  const long = describeResponse(Buffer.from('字'.repeat(5000)), 'text/html', mask) as string;
  expect(Buffer.byteLength(long)).toBeLessThan(8 * 1024 + 200);
  expect(long).toContain('共 15000 字节');
  const request = describeRequest({ json: { html: 'x'.repeat(9000) } }, mask) as { json: string };
  expect(request.json).toContain('9011 bytes in all');
  expect(describeResponse(Buffer.from([0xff, 0xd8, 0xff, 0x00]), 'image/jpeg', mask)).toEqual({
    type: 'image/jpeg',
    bytes: 4,
  });
});
