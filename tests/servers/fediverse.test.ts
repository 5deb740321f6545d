/**
 * What the Mastodon connector posts, on its way through the real protocol: the stand-in keeps the account, Fedify carries
 * its statuses to a follower on another server, signed, and brings the follower's reply back. No server with Mastodon's
 * interface comes as a package, so that the interface itself stays the stand-in's.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlatformIds } from '#connectors/contract.ts';
import { mastodon } from '#connectors/mastodon/connector.ts';
import { PLATFORM, stateOf } from '#sandbox/mastodon/state.ts';
import { writeReply } from '#sandbox/mastodon/statuses.ts';
import { MASTODON_PICTURE, type MastodonStage, stageMastodon } from '#tests/support/mastodon-stage.ts';
import { until } from '#tests/support/wait.ts';
import { type Actor, type ReceivedNote, startActor } from './support/fediverse.ts';

const { comments } = mastodon;
if (!comments) throw new Error('comments are missing');

let stage: MastodonStage;
let home: Actor;
let reader: Actor;
beforeAll(async () => {
  stage = await stageMastodon();
  home = await startActor('renshe', '青川人社');
  reader = await startActor('duzhe', '读者');
  await reader.follow(home);
  await until(async () => (await reader.state()).accepted.includes(home.uri), {
    what: 'the follow is accepted',
  });
});
afterAll(async () => {
  await reader?.stop();
  await home?.stop();
  await stage?.stop();
});

type StatusJson = {
  content: string;
  media_attachments: { url: string; description: string | null }[];
};

/** The federating half of an instance: hands one status of the stand-in to the home actor. */
async function federate(statusId: string, reply: { inReplyTo?: string; to?: string } = {}): Promise<string> {
  const answer = await fetch(`${stage.sandbox.url}/sandbox/${PLATFORM}/api/v1/statuses/${statusId}`, {
    headers: { authorization: `Bearer ${stage.session.credentials.accessToken}` },
  });
  const status = (await answer.json()) as StatusJson;
  const { uri } = await home.publish({
    ...{ id: statusId, content: status.content, ...reply },
    attachments: status.media_attachments.map(({ url, description }) => ({
      ...{ url, mediaType: MASTODON_PICTURE.mime, name: description ?? '' },
    })),
  });
  return uri;
}

const receivedBy = (actor: Actor, noteId: string): Promise<ReceivedNote> =>
  until(async () => (await actor.state()).received.find(({ id }) => id === noteId), {
    what: `${noteId} arrives`,
  });

async function post(): Promise<{ ids: PlatformIds; uri: string; link: string }> {
  const payload = stage.build({ picture: true });
  const prepared = await stage.prepare(payload);
  const outcome = await stage.submit(payload, prepared);
  if (outcome.kind !== 'published') throw new Error(JSON.stringify(outcome));
  const ids = { ...prepared, ...outcome.ids };
  return { ids, uri: await federate(ids.postId!), link: payload.shortLink };
}

test('a post reaches a follower elsewhere with its link and the words for its picture', async () => {
  const { uri, link } = await post();
  const note = await receivedBy(reader, uri);
  expect(note.by).toBe(home.uri);
  expect(note.content).toContain('退休一件事');
  expect(note.content).toContain(link.replace('https://', ''));
  expect(note.attachments).toEqual([{ name: MASTODON_PICTURE.alt, mediaType: MASTODON_PICTURE.mime }]);
});

test('a reply from elsewhere is heard, and the answer goes back to who asked', async () => {
  const { ids, uri } = await post();
  await receivedBy(reader, uri);
  const asked = await reader.publish({
    ...{ id: 'question', content: '<p>周末能办吗？</p>', inReplyTo: uri, to: home.uri },
  });
  const question = await receivedBy(home, asked.uri);
  expect(question.inReplyTo).toBe(uri);

  const { world } = stage.sandbox;
  const target = stateOf(world).statuses.find(({ id }) => id === ids.postId);
  const person = { id: 'p1', username: 'duzhe', name: '读者', host: new URL(reader.uri).host };
  stateOf(world).people[person.id] = person;
  const text = question.content.replaceAll(/<[^>]+>/g, '');
  const written = writeReply(world, stage.account(), target!, { person, text, visibility: 'public' });

  const heard = await comments.list(stage.session, ids);
  expect(heard).toMatchObject({ comments: [{ platformId: written.id, text: '周末能办吗？' }] });
  expect(await comments.reply(stage.session, ids, written.id, '周六上午可以，带身份证。')).toMatchObject({
    kind: 'sent',
  });
  const answer = stateOf(world).statuses.find(({ inReplyTo }) => inReplyTo === written.id);
  const answerUri = await federate(answer!.id, { inReplyTo: asked.uri, to: reader.uri });
  const told = await receivedBy(reader, answerUri);
  expect(told).toMatchObject({ inReplyTo: asked.uri, content: expect.stringContaining('周六上午可以') });
});

test('an unsigned activity is refused and never heard', async () => {
  const before = (await home.state()).received.length;
  const answer = await fetch(home.inbox, {
    method: 'POST',
    headers: { 'content-type': 'application/activity+json' },
    body: JSON.stringify({
      ...{ '@context': 'https://www.w3.org/ns/activitystreams', type: 'Create', id: `${reader.uri}#forged` },
      actor: reader.uri,
      object: { type: 'Note', id: `${reader.uri}/forged`, attributedTo: reader.uri, content: '伪造' },
    }),
  });
  expect(answer.status).toBe(401);
  expect((await home.state()).received).toHaveLength(before);
});
