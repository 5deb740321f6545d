/** Statuses: posting with a key, reading one, its replies, an account's list, the notifications. */
import { z } from 'zod';
import type { World } from '../core/world.ts';
import type { Call } from './call.ts';
import { describeAccount, describeStatus } from './describe.ts';
import { invalid, notFound, Refusal } from './refusal.ts';
import {
  accountById,
  type MastodonAccount,
  newId,
  type Person,
  PLATFORM,
  repliesUnder,
  type Status,
  stateOf,
  statusById,
  type Visibility,
} from './state.ts';
import { countCharacters } from './text.ts';

const KEY_KEPT_MS = 3_600_000;

const Body = z.object({
  status: z.string().default(''),
  media_ids: z.array(z.string()).default([]),
  visibility: z.enum(['public', 'unlisted', 'private', 'direct']).default('public'),
  language: z.string().nullable().default(null),
  in_reply_to_id: z.string().nullable().default(null),
});

/** `POST /api/v1/statuses`: a key that is remembered answers with its first status, whatever the body says. */
export function postStatus(call: Call): unknown {
  const { world, account, idempotencyKey, base } = call;
  const now = world.clock.now();
  const known = idempotencyKey ? account.remembered[idempotencyKey] : undefined;
  if (known && known.until > now) {
    const first = statusById(world, known.statusId);
    if (!first) throw notFound();
    return describeStatus(world, first, base);
  }
  const body = Body.safeParse(call.fields);
  if (!body.success) throw invalid('Text is invalid');
  const status = examine(call, body.data);
  stateOf(world).statuses.push(status);
  for (const picture of stateOf(world).pictures) {
    if (status.media.includes(picture.id)) picture.statusId = status.id;
  }
  if (idempotencyKey) {
    account.remembered[idempotencyKey] = { statusId: status.id, until: now + KEY_KEPT_MS };
  }
  world.ledger.append({
    platform: PLATFORM,
    account: account.key,
    kind: status.inReplyTo ? 'reply.sent' : 'post.published',
    key: status.id,
    detail: {
      text: status.text,
      visibility: status.visibility,
      replyTo: status.inReplyTo,
      media: status.media,
    },
  });
  return describeStatus(world, status, base);
}

function examine({ world, account }: Call, body: z.infer<typeof Body>): Status {
  const { limits, pictures } = stateOf(world);
  if (body.status.trim() === '' && body.media_ids.length === 0) throw invalid("Text can't be blank");
  if (countCharacters(body.status, limits.charactersPerLink) > limits.characters) {
    throw invalid(`Text character limit of ${limits.characters} exceeded`);
  }
  if (body.media_ids.length > limits.pictures) {
    throw invalid(`Cannot attach more than ${limits.pictures} files`);
  }
  for (const id of body.media_ids) {
    const picture = pictures.find((candidate) => candidate.id === id && candidate.by === account.id);
    if (!picture || picture.statusId)
      throw invalid(`Media ${id} not found or already attached to another post`);
    if (picture.readyAt > world.clock.now()) {
      throw new Refusal(422, 'Cannot attach files that have not finished processing. Try again in a moment!');
    }
  }
  if (body.in_reply_to_id && !statusById(world, body.in_reply_to_id)) throw notFound();
  return {
    id: newId(world),
    by: account.id,
    text: body.status,
    visibility: body.visibility,
    language: body.language,
    inReplyTo: body.in_reply_to_id,
    media: body.media_ids,
    at: world.clock.now(),
  };
}

/** `GET /api/v1/statuses/:id` */
export function showStatus({ world, params, base }: Call): unknown {
  const status = statusById(world, params.id ?? '');
  if (!status) throw notFound();
  return describeStatus(world, status, base);
}

/** `DELETE /api/v1/statuses/:id`: the status with its source, once. */
export function deleteStatus({ world, account, params, base }: Call): unknown {
  const status = statusById(world, params.id ?? '');
  if (status?.by !== account.id) throw notFound();
  const told = { ...describeStatus(world, status, base), text: status.text };
  const state = stateOf(world);
  state.statuses = state.statuses.filter((candidate) => candidate !== status);
  state.deleted = [...(state.deleted ?? []), status.id];
  world.ledger.append({
    platform: PLATFORM,
    account: account.key,
    kind: 'post.deleted',
    key: status.id,
    detail: {},
  });
  return told;
}

/** `GET /api/v1/statuses/:id/context` */
export function showContext({ world, params, base }: Call): unknown {
  if (!statusById(world, params.id ?? '')) throw notFound();
  const below = repliesUnder(world, params.id ?? '');
  return { ancestors: [], descendants: below.map((status) => describeStatus(world, status, base)) };
}

/** `GET /api/v1/accounts/:id/statuses`: newest first, at most 40, before `max_id`. */
export function listStatuses({ world, params, query, base }: Call): unknown {
  const owner = accountById(world, params.id ?? '');
  if (!owner) throw notFound();
  const shownUntil = world.clock.now() - owner.timelineDelayMs;
  const limit = Math.min(Number(query.limit ?? 20), 40);
  return stateOf(world)
    .statuses.filter((status) => status.by === owner.id && status.at <= shownUntil)
    .filter((status) => query.max_id === undefined || status.id < query.max_id)
    .toReversed()
    .slice(0, limit)
    .map((status) => describeStatus(world, status, base));
}

/** `GET /api/v1/accounts/verify_credentials` */
export const verifyCredentials = ({ world, account, base }: Call): unknown =>
  describeAccount(world, account, base);

/** `GET /api/v1/notifications`: statuses that name the account, replies to its own among them. */
export function listNotifications({ world, account, query, base }: Call): unknown {
  const { statuses } = stateOf(world);
  const named = new RegExp(`@${account.key}(?![\\w.-])`);
  return statuses
    .filter((status) => status.by !== account.id && named.test(status.text))
    .filter((status) => query.since_id === undefined || `n${status.id}` > query.since_id)
    .toReversed()
    .slice(0, Math.min(Number(query.limit ?? 40), 80))
    .map((status) => {
      const described = describeStatus(world, status, base);
      return {
        id: `n${status.id}`,
        type: 'mention',
        created_at: described.created_at,
        account: described.account,
        status: described,
      };
    });
}

/** Somebody answers a status from the page or a script; without a target, names the account in a status of its own. */
export function writeReply(
  world: World,
  account: MastodonAccount,
  target: Status | null,
  given: { person: Person; text: string; visibility: Visibility },
): Status {
  const status: Status = {
    id: newId(world),
    by: given.person.id,
    text: `@${account.key} ${given.text}`,
    visibility: given.visibility,
    language: 'zh',
    inReplyTo: target?.id ?? null,
    media: [],
    at: world.clock.now(),
  };
  stateOf(world).statuses.push(status);
  world.ledger.append({
    platform: PLATFORM,
    account: account.key,
    kind: 'comment.made',
    key: status.id,
    detail: { postId: target?.id ?? null, name: given.person.name, text: given.text },
  });
  return status;
}
