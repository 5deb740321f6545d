/** What a group robot is: one address that takes a message for a chat group, and nothing else. Not a platform connector. */
import type { PlatformHttp } from '#shared/outbound.ts';

export type { PlatformHttp };

/** One thing to say; the robot's own form is made from it. Never a citizen's words, never personal data. */
export type RobotMessage = { title: string; entries: readonly { text: string; link: string }[] };

export type RobotOutcome =
  | { kind: 'sent' }
  /** Not taken now; nothing is wrong with the robot. */
  | { kind: 'retry-later'; afterMs: number; code: string }
  /** The robot's address, secret or settings are wrong: a person must mend them. */
  | { kind: 'refused'; code: string }
  /** Nobody can tell. Sending again may repeat the message, which does less harm than silence. */
  | { kind: 'failed'; code: string };

export type Robot = {
  id: string;
  label: { zh: string; en: string };
  /** `HUISHENG_PLATFORM_<ID>_URL` replaces it. */
  defaultBaseUrl: string;
  /** The platform signs with a secret of its own beside the address. */
  signed: boolean;
  /** Where to find address and secret. */
  help: { zh: string; en: string };
  /** The key in whatever was pasted: the whole address, or the key alone. Null when there is none. */
  readKey(pasted: string): string | null;
  /** One request. `nowMs` goes into the signature: platforms allow an hour of difference. */
  send(
    http: PlatformHttp,
    robot: { key: string; secret: string },
    message: RobotMessage,
    nowMs: number,
  ): Promise<RobotOutcome>;
};
