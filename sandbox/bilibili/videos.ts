/** Videos (稿件): handing in, what the account sees of them, the review, figures, deleting. */
import type { World } from '../core/world.ts';
import { type Call, required, whole } from './call.ts';
import { tellVideo } from './push.ts';
import { Refusal } from './refusal.ts';
import { type BilibiliAccount, imageHash, newBvid, PLATFORM, stateOf, type Video } from './state.ts';
import { demandVideos } from './uploads.ts';

/** `POST /arcopen/fn/archive/add-by-utoken`: hidden until it was reviewed; the upload is used up by it. */
export function addVideo({ world, account, fields }: Call): unknown {
  demandVideos(account);
  const upload = account.uploads[required(fields, 'upload_token')];
  if (!upload?.complete || upload.used) throw new Refusal(127022);
  const title = required(fields, 'title');
  const desc = fields.desc ?? '';
  const tag = required(fields, 'tag');
  if ([...title].length > 80 || [...desc].length > 250) throw new Refusal(127100);
  if ([...tag].length > 200) throw new Refusal(129003);
  if (imageHash(required(fields, 'cover')) === null) throw new Refusal(129004);
  const copyright = whole(fields, 'copyright');
  if (copyright !== 1 && (copyright !== 2 || !fields.source)) throw new Refusal(127100);
  upload.used = true;
  const video: Video = {
    ...{ bvid: newBvid(world), title, desc, tag, tid: whole(fields, 'tid'), cover: fields.cover ?? '' },
    bytes: Object.values(upload.parts).reduce((sum, { bytes }) => sum + bytes, 0),
    ...{ state: 'in-review', reason: '', at: world.clock.now(), publishedAt: null, views: 0 },
  };
  account.videos.push(video);
  append(world, account, 'publish.accepted', video, { title, bytes: video.bytes });
  if (account.reviewMs !== null) {
    world.schedule.after(account.reviewMs, `${PLATFORM}.review-video`, {
      openid: account.openid,
      bvid: video.bvid,
    });
  }
  return { resource_id: video.bvid };
}

function demandVideo({ account, fields }: Call): Video {
  demandVideos(account);
  const bvid = required(fields, 'resource_id');
  const video = account.videos.find((candidate) => candidate.bvid === bvid);
  if (!video) throw new Refusal(127124);
  return video;
}

/** `GET /arcopen/fn/archive/view` */
export const viewVideo = (call: Call): unknown => describe(demandVideo(call));

/** `GET /arcopen/fn/archive/viewlist`: newest first. */
export function listVideos({ account, fields }: Call): unknown {
  demandVideos(account);
  const [page, size] = [whole(fields, 'pn', 1), whole(fields, 'ps', 10)];
  if (page < 1 || size < 1 || size > 50) throw new Refusal(127100);
  const wanted = { is_pubing: 'in-review', pubed: 'passed', not_pubed: 'refused' }[fields.status ?? 'all'];
  const found = account.videos.filter((video) => !wanted || video.state === wanted).toReversed();
  return {
    list: found.slice((page - 1) * size, page * size).map(describe),
    page: { pn: page, ps: size, total: found.length },
  };
}

const states = {
  'in-review': { state: -1, state_desc: '审核中' },
  passed: { state: 0, state_desc: '开放浏览' },
  refused: { state: -2, state_desc: '不予开放' },
} as const;

function describe(video: Video): Record<string, unknown> {
  return {
    ...{ resource_id: video.bvid, title: video.title, cover: video.cover, tid: video.tid },
    ...{ desc: video.desc, tag: video.tag, copyright: 1, no_reprint: 1 },
    ctime: Math.floor(video.at / 1000),
    ptime: video.publishedAt ? Math.floor(video.publishedAt / 1000) : 0,
    addit_info: { ...states[video.state], reject_reason: video.reason },
    video_info: { duration: 5, share_url: '' },
  };
}

/** `POST /arcopen/fn/archive/delete` */
export function deleteVideo(call: Call): unknown {
  const video = demandVideo(call);
  const { world, account } = call;
  account.videos = account.videos.filter((candidate) => candidate !== video);
  append(world, account, 'post.deleted', video, {});
  return {};
}

/** `GET /arcopen/fn/data/arc/stat` */
export function videoStat(call: Call): unknown {
  if (!call.account.scopes.includes('ARC_DATA')) throw new Refusal(127011);
  const video = demandVideo(call);
  return {
    title: video.title,
    ptime: Math.floor((video.publishedAt ?? 0) / 1000),
    ...{ view: video.views, danmaku: 0, reply: 0, favorite: 3, coin: 4, share: 5, like: 6 },
  };
}

/** `GET /arcopen/fn/data/user/stat` */
export function userStat({ account }: Call): unknown {
  if (!account.scopes.includes('USER_DATA')) throw new Refusal(127011);
  const passed = account.videos.filter(({ state }) => state === 'passed').length;
  return { following: 98, follower: account.followers, arc_passed_total: passed };
}

export function reviewVideo(
  world: World,
  openid: string,
  bvid: string,
  verdict: { passed: true } | { passed: false; reason: string },
): void {
  const account = stateOf(world).accounts[openid];
  const video = account?.videos.find((candidate) => candidate.bvid === bvid);
  if (!account || video?.state !== 'in-review') return;
  world.changed();
  video.state = verdict.passed ? 'passed' : 'refused';
  if (verdict.passed) {
    video.publishedAt = world.clock.now();
    append(world, account, 'post.published', video, { title: video.title });
  } else {
    video.reason = verdict.reason;
  }
  tellVideo(world, account, video);
}

function append(
  world: World,
  account: BilibiliAccount,
  kind: 'publish.accepted' | 'post.published' | 'post.deleted',
  video: Video,
  detail: Record<string, unknown>,
): void {
  world.ledger.append({ platform: PLATFORM, account: account.openid, kind, key: video.bvid, detail });
}
