import type { ErrorBody, ErrorCode } from '#shared/errors.ts';
import type { Text } from '#shared/lang.ts';

/** Besides the server's codes: nobody answered, or the answer could not be read. */
export type CallErrorCode = ErrorCode | 'offline' | 'unreadable';

/** A call that did not succeed, with what a person reads in both languages. */
export class CallError extends Error {
  readonly code: CallErrorCode;
  readonly text: Text;
  readonly details: Record<string, unknown>;
  readonly status: number;

  constructor(code: CallErrorCode, text: Text, status: number, details: Record<string, unknown> = {}) {
    super(text.en);
    this.name = 'CallError';
    this.code = code;
    this.text = text;
    this.status = status;
    this.details = details;
  }
}

export function offlineError(): CallError {
  return new CallError(
    'offline',
    {
      zh: '网络不通，没有收到服务器的回答。您填写的内容仍在本页，请稍后再试。',
      en: 'The server could not be reached. What you typed is still on this page; try again shortly.',
    },
    0,
  );
}

export function unreadableError(status: number): CallError {
  return new CallError(
    'unreadable',
    {
      zh: '服务器的回答无法识别，可能正在升级。请刷新本页再试，已输入的内容会保留。',
      en: 'The answer of the server could not be read; it may be upgrading. Reload this page; what you typed is kept.',
    },
    status,
  );
}

function isErrorBody(value: unknown): value is ErrorBody {
  if (typeof value !== 'object' || value === null || !('code' in value) || !('message' in value))
    return false;
  const { message } = value as { message: unknown };
  return typeof message === 'object' && message !== null && 'zh' in message && 'en' in message;
}

export function errorFromAnswer(status: number, json: unknown): CallError {
  if (!isErrorBody(json)) return unreadableError(status);
  return new CallError(
    json.code,
    inOneLanguage(json.message, json.details?.problem),
    status,
    json.details ?? {},
  );
}

/** The server names a problem once for both languages, `中文 / English`; each text keeps its own half. */
function inOneLanguage(message: Text, problem: unknown): Text {
  const [zh, en] = typeof problem === 'string' ? problem.split(' / ') : [];
  if (typeof problem !== 'string' || zh === undefined || en === undefined) return message;
  return { zh: message.zh.replace(problem, zh), en: message.en.replace(problem, en) };
}

/** The words for whatever was thrown; a programming mistake is told as such, without its stack. */
export function errorText(error: unknown): Text {
  if (error instanceof CallError) return error.text;
  const message = error instanceof Error ? error.message : String(error);
  return {
    zh: `页面出错：${message}。请刷新再试，已输入的内容会保留。`,
    en: `The page failed: ${message}. Reload; what you typed is kept.`,
  };
}
