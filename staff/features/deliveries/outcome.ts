/** Words for the outcome of one step; the record itself is free-form and shown in full beside them. */
import { type Lang, type Text, text } from '#shared/lang.ts';
import type { Tone } from '../../ui/state-mark.tsx';

const words: Record<string, Text> = {
  prepared: text('已备好', 'Prepared'),
  published: text('已发布', 'Published'),
  pending: text('平台处理中', 'Pending'),
  rejected: text('平台退回', 'Rejected'),
  done: text('已完成', 'Done'),
  error: text('没有成功', 'Failed'),
  'retry-later': text('平台要求稍后再试', 'Told to try later'),
  'sign-in-again': text('账号需重新授权', 'Account must sign in again'),
  unknown: text('没有得到明确回答', 'No clear answer'),
  found: text('在平台上找到了', 'Found on the platform'),
  absent: text('在平台上没有找到', 'Not found on the platform'),
  repeatable: text('要凭原编号再问一次平台', 'To be asked once more by its own id'),
  failed: text('没有成功', 'Failed'),
  'handed-off': text('已转人工发布', 'Handed to a person'),
  'went-out': text('人工确认：已发出', 'A person: it went out'),
  'did-not-resend': text('人工确认：没有发出，重新发送', 'A person: not out, send again'),
  'did-not-cancel': text('人工确认：没有发出，不再发送', 'A person: not out, do not send'),
};

const tones: Record<string, Tone> = {
  prepared: 'good',
  published: 'good',
  found: 'good',
  done: 'good',
  'went-out': 'good',
  pending: 'busy',
  rejected: 'bad',
  failed: 'bad',
};

/** The server names an outcome by `kind`; older records and decisions by other fields. */
function nameOf(outcome: unknown): string {
  if (typeof outcome === 'string') return outcome;
  const { kind, outcome: inner, verdict, state } = (outcome ?? {}) as Record<string, unknown>;
  const name = kind ?? inner ?? verdict ?? state;
  return typeof name === 'string' ? name : '';
}

export function outcomeWord(outcome: unknown, lang: Lang): string {
  const name = nameOf(outcome);
  return words[name]?.[lang] ?? (name === '' ? '—' : name);
}

export function outcomeTone(outcome: unknown): Tone {
  return tones[nameOf(outcome)] ?? 'warn';
}
