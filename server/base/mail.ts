/** The only way mail leaves: one message to one address, handed to the operator's SMTP server. */
import { createTransport, type Transporter } from 'nodemailer';

/** `url` carries host, port, user and password; `smtps:` is TLS from the first byte, `smtp:` begins in clear. */
export type SmtpSettings = { url: string; tls: 'required' | 'optional'; from: string };

export type Mail = {
  to: string;
  subject: string;
  text: string;
  /** The same for the same notices, so that a message handed in twice is one in the reader's box. */
  messageId: string;
};

/** `refused`: the server will never take this message (address unknown). `failed`: another time may go better. */
export type MailOutcome = { kind: 'sent' } | { kind: 'refused' | 'failed'; code: string };

export type Mailer = { send(mail: Mail): Promise<MailOutcome>; close(): void };

const timeoutMs = 15_000;

export function createMailer(smtp: SmtpSettings): Mailer {
  const url = new URL(smtp.url);
  const implicit = url.protocol === 'smtps:';
  const transport: Transporter = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (implicit ? 465 : 587)),
    secure: implicit,
    requireTLS: !implicit && smtp.tls === 'required',
    ...(url.username
      ? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }
      : {}),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // What a notice says is made by us; nothing of it may name a file or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      try {
        await transport.sendMail({
          from: smtp.from,
          to: { name: '', address: mail.to },
          subject: mail.subject,
          text: mail.text,
          textEncoding: 'base64',
          messageId: mail.messageId,
          headers: { 'auto-submitted': 'auto-generated' },
        });
        return { kind: 'sent' };
      } catch (error) {
        return judge(error);
      }
    },
    close: () => transport.close(),
  };
}

/** Only a 5xx about the recipient is for good; a 5xx before it (authentication) is the operator's to mend. */
function judge(error: unknown): MailOutcome {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  const said = String(responseCode ?? code ?? 'SMTP');
  const aboutRecipient = code === 'EENVELOPE' && responseCode !== undefined && responseCode >= 500;
  return { kind: aboutRecipient ? 'refused' : 'failed', code: said };
}
