import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SmtpStage, startSmtpStage } from '#tests/support/smtp-stage.ts';
import { createMailer, type MailOutcome } from './mail.ts';

let stage: SmtpStage;
beforeAll(async () => {
  stage = await startSmtpStage({ user: 'desk', password: 'p@ss/word' });
});
afterAll(() => stage?.stop());

const from = 'Huisheng <desk@example.invalid>';
const mail = {
  to: 'reader@example.invalid',
  subject: '【回声】文稿待审',
  text: '· 《秋季招聘》等待初审\n.\n  https://desk.example/desk/m/reviews/1',
  messageId: '<1@desk.example>',
};

async function send(change: { url?: string; tls?: 'required' | 'optional' } = {}): Promise<MailOutcome> {
  const mailer = createMailer({ url: change.url ?? stage.url, tls: change.tls ?? 'optional', from });
  try {
    return await mailer.send(mail);
  } finally {
    mailer.close();
  }
}

test('a mail is handed in under the sender’s name, with a password, whole', async () => {
  expect(await send()).toEqual({ kind: 'sent' });
  const [kept] = stage.mails;
  expect(kept?.to).toBe(mail.to);
  expect(kept?.text).toContain('From: Huisheng <desk@example.invalid>');
  expect(kept?.text).toContain('Message-ID: <1@desk.example>');
  expect(kept?.text.toLowerCase()).toContain('auto-submitted: auto-generated');
  const clear = Buffer.from(kept!.text.split('\n\n')[1]!, 'base64').toString();
  expect(clear.replaceAll('\r', '')).toContain('《秋季招聘》等待初审\n.\n');
});

test('where encryption is required and not offered nothing is sent', async () => {
  const before = stage.mails.length;
  expect(await send({ tls: 'required' })).toMatchObject({ kind: 'failed' });
  expect(stage.mails).toHaveLength(before);
});

test('an unknown address is refused for good; everything else may go better another time', async () => {
  stage.behave('recipient');
  expect(await send()).toEqual({ kind: 'refused', code: '550' });
  stage.behave('busy');
  expect(await send()).toMatchObject({ kind: 'failed', code: '451' });
  stage.behave('down');
  expect(await send()).toMatchObject({ kind: 'failed' });
  stage.behave('well');
  const wrong = stage.url.replace('desk:', 'desk:wrong');
  expect(await send({ url: wrong })).toMatchObject({ kind: 'failed', code: '535' });
});
