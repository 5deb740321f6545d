/** For every route a request that is right in all but, perhaps, who sends it. A route without one fails the matrix. */

import { strToU8, zipSync } from 'fflate';
import sharp from 'sharp';
import { codeOf, setUpFactor } from '#server/modules/people/test-support.ts';
import * as accounts from '#shared/accounts.ts';
import * as content from '#shared/content.ts';
import * as home from '#shared/home.ts';
import * as media from '#shared/media.ts';
import * as mine from '#shared/my-account.ts';
import * as people from '#shared/people.ts';
import * as planning from '#shared/planning.ts';
import * as publishing from '#shared/publishing.ts';
import * as review from '#shared/review.ts';
import type { Route } from '#shared/route.ts';
import * as system from '#shared/system.ts';
import * as units from '#shared/units.ts';
import { signInClient } from '#tests/support/client.ts';
import { answerRequests } from './answer-requests.ts';
import { makeFlowRequests } from './flow-requests.ts';
import { inboxRequests } from './inbox-requests.ts';
import { insightRequests } from './insight-requests.ts';
import { formOf, type MakeRequest } from './make-request.ts';
import { marker } from './marker.ts';
import { makeMenuRequests, makeNoticeRequests } from './notice-requests.ts';
import { type Input, send } from './send.ts';
import { type AccessStage, type Person, personOf } from './stage.ts';
import type { Things } from './things.ts';

/** Routes whose parameters name nothing that belongs to a bureau: every bureau has such a day of its own. */
export const nobodysParams: readonly Route[] = [planning.setWorkingDay, planning.clearWorkingDay];

/** Routes that end the caller's own session: they get a sign-in of their own. */
export const endsSession: readonly Route[] = [people.signOut];

/** Routes that change the caller's own password or second factor: each caller is somebody new. */
export const changesSelf: readonly Route[] = [
  mine.changePassword,
  mine.beginSecondFactor,
  mine.confirmSecondFactor,
  mine.renewRecoveryCodes,
  mine.removeSecondFactor,
];

let count = 0;

export async function makeRequests(
  stage: AccessStage,
  things: Things,
): Promise<ReadonlyMap<Route, MakeRequest>> {
  const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#246' } })
    .jpeg()
    .toBuffer();
  const word = makeWord();
  const accountId = things.accounts.get('weibo')!;
  const site = things.accounts.get('site')!;
  const unitId = stage.home.id;
  const reason = '权限检查';
  const none = async (): Promise<Input> => ({});
  const ofDelivery =
    (state: publishing.DeliveryState, body: unknown): MakeRequest =>
    async () => ({ params: { deliveryId: await things.delivery(state) }, body });
  const articleId = things.published.articleId;
  const deliveryId = things.published.siteDeliveryId;

  return new Map<Route, MakeRequest>([
    [people.getMe, none],
    [people.signOut, none],
    [people.listSessions, none],
    [people.revokeSession, (who) => ownSession(stage, who)],
    [people.listColleagues, none],
    [people.listUnits, none],
    [
      people.createPerson,
      async () => ({
        body: { login: `x${Date.now().toString(36)}${++count}`, name: marker, unitId, role: 'section' },
      }),
    ],
    [
      people.disablePerson,
      async () => ({ params: { personId: (await things.person()).id }, body: { reason } }),
    ],
    [
      people.resetPassword,
      async () => ({ params: { personId: (await things.person()).id }, body: { reason } }),
    ],
    [
      units.createUnit,
      async () => ({ body: { parentId: unitId, kind: 'section', ...unitNames(), fields: [] } }),
    ],
    [units.renameUnit, async () => ({ params: await newUnit(things, unitId), body: unitNames() })],
    [units.setUnitFields, async () => ({ params: await newUnit(things, unitId), body: { fields: [] } })],
    [mine.getMyAccount, none],
    [
      mine.changePassword,
      async (who) => ({ body: { current: who.password, next: '河对岸的灯火 一共三十六盏' } }),
    ],
    [mine.beginSecondFactor, async (who) => ({ body: { password: who.password } })],
    [
      mine.confirmSecondFactor,
      async (who) => {
        const made = await who.client.call(mine.beginSecondFactor, { body: { password: who.password } });
        return { body: { code: codeOf(made.secret) } };
      },
    ],
    [mine.renewRecoveryCodes, (who) => proof(stage, who)],
    [mine.removeSecondFactor, (who) => proof(stage, who)],
    [people.signIn, async (who) => ({ body: { login: who.login, password: who.password } })],

    ...makeNoticeRequests(things),
    ...(await makeMenuRequests(things, things.accounts.get('wechat-official')!)),

    [accounts.listAccounts, none],
    [accounts.listPlatforms, none],
    [
      accounts.createAccount,
      async () => ({
        body: { platform: 'site', name: `${marker}${++count}`, unitId, settings: {}, secrets: {} },
      }),
    ],
    [accounts.updateAccount, async () => ({ params: { accountId: site }, body: { reason, settings: {} } })],
    [accounts.beginSignIn, async () => ({ params: { accountId } })],
    [accounts.probeAccount, async () => ({ params: { accountId } })],

    [content.listArticles, none],
    [content.createArticle, async () => ({ body: { title: `${marker}新稿` } })],
    [content.getArticle, async () => ({ params: { articleId } })],
    [
      content.saveWorkingCopy,
      async () => {
        const { articleId, revision, working, targets } = await things.draft();
        const body = { baseRevision: revision, working, targets, class: 'ordinary' };
        return { params: { articleId }, body };
      },
    ],
    [content.listVariants, async () => ({ params: { articleId } })],
    [
      content.submitArticle,
      async () => {
        const { articleId, revision } = await things.draft();
        return { params: { articleId }, body: { baseRevision: revision } };
      },
    ],
    [
      content.takeBackArticle,
      async () => ({
        params: { articleId: (await things.review('reviewer-first')).articleId },
        body: { reason },
      }),
    ],
    [content.uploadFile, async () => ({ form: () => formOf(picture, 'image/jpeg', '图.jpg') })],
    [content.importWord, async () => ({ form: () => formOf(word, 'application/octet-stream', '稿.docx') })],

    [media.listMedia, none],
    [media.getMedia, async () => ({ params: { fileId: await newFile(stage) } })],
    [
      media.describeMedia,
      async () => ({ params: { fileId: await newFile(stage) }, body: { name: `${marker}图`, alt: reason } }),
    ],
    [
      media.cropMedia,
      async () => ({
        params: { fileId: await newFile(stage) },
        body: { crop: { x: 0, y: 0, width: 100, height: 100 + (++count % 100) } },
      }),
    ],
    [media.deleteMedia, async () => ({ params: { fileId: await newFile(stage) } })],
    [media.beginUpload, async () => ({ body: uploadOf(picture) })],
    [media.listUploads, none],
    [media.getUpload, async (who) => ({ params: await begunUpload(stage, who, picture) })],
    [
      media.putUploadPart,
      async (who) => ({
        params: await begunUpload(stage, who, picture),
        query: { offset: '0' },
        form: () => formOf(picture, 'application/octet-stream', '图.jpg'),
      }),
    ],
    [
      media.finishUpload,
      async (who) => {
        const params = await begunUpload(stage, who, picture);
        await sendPart(stage, who, params.uploadId, picture);
        return { params };
      },
    ],
    [media.cancelUpload, async (who) => ({ params: await begunUpload(stage, who, picture) })],

    [review.listReviews, none],
    [
      review.getReview,
      async () => ({ params: { reviewId: (await things.review('reviewer-first')).reviewId } }),
    ],
    [
      review.decideReview,
      async (who) => {
        const { reviewId, stage: current, subjectHash } = await things.review(who.role);
        return { params: { reviewId }, body: { stage: current, subjectHash, decision: 'approve' } };
      },
    ],

    [planning.listWorkingDays, async () => ({ query: { year: '2026' } })],
    [
      planning.setWorkingDay,
      async () => ({ params: { day: nextDay() }, body: { works: false, name: reason } }),
    ],
    [
      planning.clearWorkingDay,
      async () => {
        const day = nextDay();
        await things.administrator.call(planning.setWorkingDay, {
          params: { day },
          body: { works: false, name: reason },
        });
        return { params: { day } };
      },
    ],

    [publishing.listDeliveries, none],
    [publishing.getDelivery, async () => ({ params: { deliveryId } })],
    [publishing.holdDelivery, ofDelivery('planned', { reason })],
    [publishing.releaseDelivery, ofDelivery('held', { plannedWall: null })],
    [publishing.cancelDelivery, ofDelivery('held', { reason })],
    [publishing.retryDelivery, ofDelivery('failed', {})],
    [publishing.checkDeliveryNow, ofDelivery('unknown', {})],
    [
      publishing.decideDelivery,
      ofDelivery('unknown', { verdict: 'did-not-cancel', url: null, evidence: '看过了，没有' }),
    ],
    ...answerRequests(things),
    ...makeFlowRequests(things, formOf, picture),
    ...(await inboxRequests(stage, things, picture)),

    ...insightRequests(things, reason),

    [home.listTodo, none],
    [system.listAudit, none],
    [system.getHealth, none],
  ]);
}

/** Another session of the same person, by the name that the list of sessions gives it. */
async function ownSession(stage: AccessStage, who: Person): Promise<Input> {
  const other = await signInClient(stage.installation.url, who.login, who.password);
  const sessions = await other.call(people.listSessions, {});
  return { params: { sessionId: sessions.find((one) => one.current)!.id } };
}

/** Password and code of somebody who has just set up a second factor. */
async function proof(stage: AccessStage, who: Person): Promise<Input> {
  const { secret } = await setUpFactor(stage.installation.app, who.client, who.password);
  return { body: { password: who.password, code: codeOf(secret) } };
}

function unitNames(): { name: string; shortName: string } {
  const name = `${marker}股${++count}`;
  return { name, shortName: name };
}

async function newUnit(things: Things, parentId: string): Promise<{ unitId: string }> {
  const body = { parentId, kind: 'section' as const, ...unitNames(), fields: [] };
  return { unitId: (await things.administrator.call(units.createUnit, { body })).id };
}

/** A picture of the home bureau that nothing uses, each another. */
async function newFile(stage: AccessStage): Promise<string> {
  const background = { r: ++count % 256, g: Math.floor(count / 256), b: 7 };
  const bytes = await sharp({ create: { width: 300, height: 300, channels: 3, background } })
    .png()
    .toBuffer();
  const input = { form: () => formOf(bytes, 'image/png', '图.png') };
  const { client } = personOf(stage.home, 'editor');
  const { text } = await send(stage.installation.url, client, content.uploadFile, input);
  return (JSON.parse(text) as { id: string }).id;
}

const uploadOf = (bytes: Buffer) => ({
  name: `${marker}图.jpg`,
  size: bytes.length,
  fingerprint: `access ${++count}`,
});

/** The caller's own upload where they may upload, else one of the home bureau's editor. */
async function begunUpload(stage: AccessStage, who: Person, bytes: Buffer): Promise<{ uploadId: string }> {
  const sender = mayUpload(stage, who) ? who : personOf(stage.home, 'editor');
  const { upload } = await sender.client.call(media.beginUpload, { body: uploadOf(bytes) });
  return { uploadId: upload!.id };
}

/** Of the home bureau: a neighbour asks for what is not theirs. */
const mayUpload = (stage: AccessStage, who: Person): boolean =>
  people.may([who.role], 'article.write') && [...stage.home.people.values()].includes(who);

async function sendPart(stage: AccessStage, who: Person, uploadId: string, bytes: Buffer): Promise<void> {
  const sender = mayUpload(stage, who) ? who : personOf(stage.home, 'editor');
  const input = {
    params: { uploadId },
    query: { offset: '0' },
    form: () => formOf(bytes, 'application/octet-stream', '图.jpg'),
  };
  await send(stage.installation.url, sender.client, media.putUploadPart, input);
}

/** Far from every deadline of the tests. */
function nextDay(): string {
  count += 1;
  return new Date(Date.UTC(2027, 5, count)).toISOString().slice(0, 10);
}

/** The least that is a Word document. */
function makeWord(): Uint8Array {
  const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const kinds = 'http://schemas.openxmlformats.org/package/2006/content-types';
  const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument';
  const main = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
  const mime = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';
  return zipSync({
    '[Content_Types].xml': strToU8(
      `${xml}<Types xmlns="${kinds}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${mime}"/></Types>`,
    ),
    '_rels/.rels': strToU8(
      `${xml}<Relationships xmlns="${relations}"><Relationship Id="r1" Type="${office}" Target="word/document.xml"/></Relationships>`,
    ),
    'word/document.xml': strToU8(
      `${xml}<w:document xmlns:w="${main}"><w:body><w:p><w:r><w:t>退休一件事</w:t></w:r></w:p></w:body></w:document>`,
    ),
  });
}
