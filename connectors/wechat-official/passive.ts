/** The passive answer: words in the answer to the push itself, shown to the person at once, at no cost of the quota. */
import type { PushCapability } from '#connectors/contract.ts';
import { newCode, newToken } from '#server/base/ids.ts';
import { encrypt, sign } from './crypto.ts';
import { parse } from './push.ts';
import { readFields, trimmed } from './xml.ts';

export const answer: NonNullable<PushCapability['answer']> = (credentials, request, clear, text, now) => {
  const asked = parse(clear, '');
  if (asked.kind !== 'message' || asked.text === '' || text.trim() === '') return null;
  const fields = readFields(clear);
  const write = clear.toString('utf8').trimStart().startsWith('{') ? writeJson : writeXml;
  const timestamp = Math.floor(now.getTime() / 1000);
  const reply = write({
    ToUserName: trimmed(fields, 'FromUserName'),
    FromUserName: trimmed(fields, 'ToUserName'),
    CreateTime: timestamp,
    MsgType: 'text',
    Content: text,
  });
  const contentType = write === writeJson ? 'application/json' : 'text/xml';
  if (request.query.encrypt_type !== 'aes') return { body: reply, contentType };
  const { appId = '', token = '', encodingAESKey = '' } = credentials;
  const sealed = encrypt(encodingAESKey, appId, reply, newToken().slice(0, 16));
  const nonce = newCode(10);
  const envelope = {
    Encrypt: sealed,
    MsgSignature: sign(token, String(timestamp), nonce, sealed),
    TimeStamp: timestamp,
    Nonce: nonce,
  };
  return { body: write(envelope), contentType };
};

type Flat = Readonly<Record<string, string | number>>;

const writeJson = (fields: Flat): string => JSON.stringify(fields);

function writeXml(fields: Flat): string {
  const parts = Object.entries(fields).map(([name, value]) =>
    typeof value === 'number' ? `<${name}>${value}</${name}>` : `<${name}>${cdata(value)}</${name}>`,
  );
  return `<xml>${parts.join('')}</xml>`;
}

/** A CDATA section cannot hold its own end. */
const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
