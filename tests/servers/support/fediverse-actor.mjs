// One actor on a server of its own, by Fedify: keys, WebFinger, inbox, signed delivery. Run as a program, because Fedify is
// installed beside the checkout and not into it. Beside the protocol it listens at /control, for the test alone.
// usage: node fediverse-actor.mjs <port> <user name> <display name>
import { createServer } from 'node:http';
import {
  createFederation,
  generateCryptoKeyPair,
  InProcessMessageQueue,
  MemoryKvStore,
} from '@fedify/fedify';
import {
  Accept,
  Create,
  Document,
  Endpoints,
  Follow,
  Mention,
  Note,
  Person,
  PUBLIC_COLLECTION,
} from '@fedify/vocab';

const [, , port, username, displayName] = process.argv;
const origin = `http://127.0.0.1:${port}`;
const state = { followers: new Map(), accepted: [], received: [], notes: new Map(), mentions: new Map() };
const keys = [await generateCryptoKeyPair('RSASSA-PKCS1-v1_5'), await generateCryptoKeyPair('Ed25519')];

const federation = createFederation({
  kv: new MemoryKvStore(),
  queue: new InProcessMessageQueue(),
  // Both servers are on loopback, without TLS.
  allowPrivateAddress: true,
});

federation
  .setActorDispatcher('/users/{identifier}', async (context, identifier) => {
    if (identifier !== username) return null;
    const pairs = await context.getActorKeyPairs(identifier);
    return new Person({
      id: context.getActorUri(identifier),
      preferredUsername: username,
      name: displayName,
      inbox: context.getInboxUri(identifier),
      endpoints: new Endpoints({ sharedInbox: context.getInboxUri() }),
      publicKey: pairs[0].cryptographicKey,
      assertionMethods: pairs.map((pair) => pair.multikey),
    });
  })
  .setKeyPairsDispatcher(async () => keys);

federation.setObjectDispatcher(
  Note,
  '/users/{identifier}/notes/{id}',
  async (_context, { id }) => state.notes.get(id) ?? null,
);

// Fedify verifies the signature before any of these runs; a forged activity never arrives here.
federation
  .setInboxListeners('/users/{identifier}/inbox', '/inbox')
  .on(Follow, async (context, follow) => {
    const follower = await follow.getActor(context);
    if (!follower?.id || !follower.inboxId) return;
    state.followers.set(follower.id.href, follower);
    await context.sendActivity(
      { identifier: username },
      follower,
      new Accept({
        id: new URL(`/accepts/${state.followers.size}`, origin),
        actor: context.getActorUri(username),
        object: follow,
      }),
    );
  })
  .on(Accept, async (_context, accept) => {
    state.accepted.push(accept.actorId?.href);
  })
  .on(Create, async (context, create) => {
    const note = await create.getObject(context);
    if (!(note instanceof Note)) return;
    const attachments = [];
    for await (const attachment of note.getAttachments(context)) {
      attachments.push({ name: String(attachment.name ?? ''), mediaType: attachment.mediaType ?? null });
    }
    state.received.push({
      id: note.id?.href,
      by: create.actorId?.href,
      content: String(note.content ?? ''),
      inReplyTo: note.replyTargetId?.href ?? null,
      attachments,
    });
  });

const control = {
  async state() {
    return { followers: [...state.followers.keys()], accepted: state.accepted, received: state.received };
  },
  async follow(context, { actor }) {
    const other = await context.lookupObject(actor);
    await context.sendActivity(
      { identifier: username },
      other,
      new Follow({
        id: new URL('/follows/1', origin),
        actor: context.getActorUri(username),
        object: other.id,
      }),
    );
    return {};
  },
  /** Publishes a note to the followers, or, with `to`, to somebody who is answered. */
  async publish(context, { id, content, inReplyTo, to, attachments }) {
    const other = to ? await context.lookupObject(to) : null;
    const note = new Note({
      id: context.getObjectUri(Note, { identifier: username, id }),
      attribution: context.getActorUri(username),
      content,
      ...(inReplyTo ? { replyTarget: new URL(inReplyTo) } : {}),
      to: PUBLIC_COLLECTION,
      ...(other
        ? { cc: other.id, tags: [new Mention({ href: other.id, name: `@${other.preferredUsername}` })] }
        : {}),
      attachments: (attachments ?? []).map(
        ({ url, mediaType, name }) => new Document({ url: new URL(url), mediaType, name }),
      ),
    });
    state.notes.set(id, note);
    const create = new Create({
      id: new URL(`#create`, note.id),
      actor: context.getActorUri(username),
      object: note,
      to: PUBLIC_COLLECTION,
    });
    await context.sendActivity({ identifier: username }, other ?? [...state.followers.values()], create);
    return { uri: note.id.href };
  },
};

const server = createServer(async (incoming, outgoing) => {
  const parts = [];
  for await (const part of incoming) parts.push(part);
  const body = Buffer.concat(parts);
  const url = new URL(incoming.url, origin);
  const action = url.pathname.startsWith('/control/')
    ? control[url.pathname.slice('/control/'.length)]
    : null;
  try {
    if (action) {
      const answer = await action(
        federation.createContext(new URL(origin)),
        body.length > 0 ? JSON.parse(body) : {},
      );
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      return;
    }
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
    const carries = incoming.method !== 'GET' && incoming.method !== 'HEAD';
    const response = await federation.fetch(
      new Request(url, { method: incoming.method, headers, ...(carries ? { body } : {}) }),
      { contextData: undefined },
    );
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    outgoing.writeHead(500, { 'content-type': 'text/plain' }).end(String(error?.stack ?? error));
  }
});
server.listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
