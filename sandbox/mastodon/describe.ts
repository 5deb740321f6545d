/** The platform's shapes, field by field as a real server gave them. */
import type { World } from '../core/world.ts';
import {
  accountById,
  type MastodonAccount,
  type Person,
  type Picture,
  type Status,
  stateOf,
} from './state.ts';
import { toHtml } from './text.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

export function describeAccount(
  world: World,
  account: MastodonAccount,
  base: string,
): Record<string, unknown> {
  return {
    ...describeActor(account.id, account.key, account.key, account.name, `${base}/@${account.key}`),
    statuses_count: stateOf(world).statuses.filter((status) => status.by === account.id).length,
  };
}

const describePerson = ({ id, username, name, host }: Person): Record<string, unknown> => ({
  ...describeActor(id, username, `${username}@${host}`, name, `https://${host}/@${username}`),
  statuses_count: 0,
});

function describeActor(id: string, username: string, acct: string, name: string, url: string) {
  return {
    ...{ id, username, acct, display_name: name, url },
    ...{
      locked: false,
      bot: false,
      note: '',
      followers_count: 0,
      following_count: 0,
      emojis: [],
      fields: [],
    },
  };
}

export function describeStatus(world: World, status: Status, base: string): Record<string, unknown> {
  const { pictures, statuses, people } = stateOf(world);
  const account = accountById(world, status.by);
  const person = people[status.by];
  const author = account ? describeAccount(world, account, base) : person && describePerson(person);
  const above = statuses.find((candidate) => candidate.id === status.inReplyTo);
  const url = account
    ? `${base}/@${account.key}/${status.id}`
    : `https://${person?.host}/@${person?.username}/${status.id}`;
  return {
    id: status.id,
    created_at: iso(status.at),
    in_reply_to_id: status.inReplyTo,
    in_reply_to_account_id: above?.by ?? null,
    sensitive: false,
    spoiler_text: '',
    visibility: status.visibility,
    language: status.language,
    uri: url,
    url,
    replies_count: statuses.filter((candidate) => candidate.inReplyTo === status.id).length,
    reblogs_count: status.reblogs ?? 0,
    favourites_count: status.favourites ?? 0,
    content: toHtml(status.text),
    reblog: null,
    account: author,
    media_attachments: pictures
      .filter((picture) => status.media.includes(picture.id))
      .map((picture) => describePicture(picture, base, true)),
    ...{ mentions: [], tags: [], emojis: [], card: null, poll: null },
  };
}

export function describePicture(picture: Picture, base: string, ready: boolean): Record<string, unknown> {
  return {
    id: picture.id,
    type: 'image',
    url: ready ? `${base}/media/${picture.sha256}` : null,
    preview_url: `${base}/media/${picture.sha256}`,
    remote_url: null,
    text_url: null,
    meta: {},
    description: picture.description || null,
    blurhash: null,
  };
}

export function describeInstance(world: World, base: string): Record<string, unknown> {
  const { limits } = stateOf(world);
  return {
    domain: new URL(base).host,
    title: '模拟实例',
    version: '4.3.0',
    configuration: {
      statuses: {
        max_characters: limits.characters,
        max_media_attachments: limits.pictures,
        characters_reserved_per_url: limits.charactersPerLink,
      },
      media_attachments: {
        supported_mime_types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
        image_size_limit: limits.pictureBytes,
      },
    },
  };
}
