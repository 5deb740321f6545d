import type { Connector } from '#connectors/contract.ts';
import { type AccountAbility, accountAbilities, type Grant } from '#shared/abilities.ts';

export type Abilities = Record<AccountAbility, Grant>;

/**
 * What an account can do: the connector says what the platform offers at all, the last probe what this very account was
 * granted. What nobody learned is not known; it is never shown as granted. Pure.
 */
export function deriveAbilities(
  connector: Connector,
  learned: Partial<Record<AccountAbility, Grant>>,
  settings: Readonly<Record<string, string>> = {},
): Abilities {
  const entries = accountAbilities.map((ability) => {
    const offered = offers(connector, ability, settings);
    return [ability, offered === 'ask' ? (learned[ability] ?? 'unknown') : offered] as const;
  });
  return Object.fromEntries(entries) as Abilities;
}

/** `ask`: the platform offers it, whether this account has it is another question. */
function offers(
  connector: Connector,
  ability: AccountAbility,
  settings: Readonly<Record<string, string>>,
): Grant | 'ask' {
  const { publish } = connector;
  const when = (present: unknown): Grant | 'ask' => (present ? 'ask' : 'unsupported');
  switch (ability) {
    case 'publish':
      return publish.kind === 'remote' ? 'ask' : publish.kind === 'local' ? 'granted' : 'assisted';
    case 'mass-send':
      if (!publish.reaches.includes('mass-send')) return 'unsupported';
      return publish.kind === 'hand-off' ? 'assisted' : 'ask';
    case 'withdraw':
      // Somebody can always take a post away on the platform.
      if (publish.kind === 'local') return 'granted';
      return connector.withdraw ? 'ask' : 'assisted';
    case 'comments':
      return when(connector.comments);
    case 'comment-reply':
      return when(connector.comments && connector.comments.replyLimit > 0);
    case 'moderation':
      return when(connector.moderation);
    case 'comment-switch':
      return when(connector.comments?.setOpen);
    case 'messages':
      if (connector.messages?.offered?.(settings) === false) return 'needs-application';
      return when(connector.messages);
    case 'push':
      return when(connector.push);
    case 'metrics':
      return when(connector.metrics);
    case 'menu':
      return when(connector.menu);
  }
}
