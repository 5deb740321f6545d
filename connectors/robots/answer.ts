import type { PlatformHttp, RobotMessage, RobotOutcome } from '#connectors/robot-contract.ts';
import { OutboundError } from '#server/base/outbound-error.ts';

type Request = Parameters<PlatformHttp['request']>[0];
/** What the platform's documents say of a code; one that is not here is `failed`. */
export type CodeTable = Readonly<Record<number, 'refused' | { retryMs: number }>>;

/** The answer's code: `errcode`, or `code` (older answers: `StatusCode`). */
function readCode(body: unknown): number | null {
  const found = body as { errcode?: unknown; code?: unknown; StatusCode?: unknown } | null;
  const code = found?.errcode ?? found?.code ?? found?.StatusCode;
  return typeof code === 'number' ? code : null;
}

/** Makes the one call and reads its answer by the table. */
export async function ask(http: PlatformHttp, request: Request, codes: CodeTable): Promise<RobotOutcome> {
  try {
    const response = await http.request({ timeoutMs: 10_000, ...request });
    if (response.status === 429) return { kind: 'retry-later', afterMs: 60_000, code: '429' };
    const code = readCode(response.json());
    if (code === 0) return { kind: 'sent' };
    const known = code === null ? undefined : codes[code];
    if (known === 'refused') return { kind: 'refused', code: String(code) };
    if (known) return { kind: 'retry-later', afterMs: known.retryMs, code: String(code) };
    return { kind: 'failed', code: code === null ? `HTTP ${response.status}` : String(code) };
  } catch (error) {
    if (error instanceof OutboundError) return { kind: 'failed', code: error.code };
    if (error instanceof SyntaxError) return { kind: 'failed', code: 'not JSON' };
    throw error;
  }
}

/** Plain text is the one form that every group shows the same, on every phone. */
export function plainText({ title, entries }: RobotMessage): string {
  return [title, ...entries.flatMap(({ text, link }) => ['', text, link])].join('\n');
}
