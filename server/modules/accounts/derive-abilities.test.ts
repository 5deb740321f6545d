import { expect, test } from 'vitest';
import { connectors, getConnector } from '#connectors/registry.ts';
import { accountAbilities, type Grant } from '#shared/abilities.ts';
import { deriveAbilities } from './derive-abilities.ts';

test('every ability of every platform has a word, and nothing is granted that nobody learned', () => {
  for (const connector of connectors.values()) {
    const abilities = deriveAbilities(connector, {});
    expect(Object.keys(abilities).toSorted()).toEqual([...accountAbilities].toSorted());
    if (connector.publish.kind === 'remote') expect(Object.values(abilities)).not.toContain('granted');
  }
});

test('what a probe learned is shown where the platform offers it, and nowhere else', () => {
  const all = Object.fromEntries(accountAbilities.map((ability) => [ability, 'granted'])) as Record<
    (typeof accountAbilities)[number],
    Grant
  >;
  for (const connector of connectors.values()) {
    const abilities = deriveAbilities(connector, all);
    expect(abilities.menu).toBe(connector.menu ? 'granted' : 'unsupported');
    expect(abilities['comment-switch']).toBe(connector.comments?.setOpen ? 'granted' : 'unsupported');
    const asked = connector.messages?.offered?.({}) === false ? 'needs-application' : 'granted';
    expect(abilities.messages).toBe(connector.messages ? asked : 'unsupported');
  }
});

test('a need to apply stays one', () => {
  const remote = [...connectors.values()].find((one) => one.publish.kind === 'remote' && one.comments)!;
  expect(deriveAbilities(remote, { comments: 'needs-application' }).comments).toBe('needs-application');
});

test('private messages that only some accounts have are offered by the account’s own setting', () => {
  const douyin = getConnector('douyin');
  expect(deriveAbilities(douyin, {}).messages).toBe('needs-application');
  expect(deriveAbilities(douyin, {}, { privateMessages: 'on' }).messages).toBe('unknown');
});

test('what a person does by hand is assisted; our own site needs nobody', () => {
  expect(deriveAbilities(getConnector('xiaohongshu'), {}).publish).toBe('assisted');
  expect(deriveAbilities(getConnector('site'), {}).publish).toBe('granted');
});
