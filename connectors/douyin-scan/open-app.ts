/** From a package to the link that opens the app with it. */
import type { PackagePayload } from '#shared/package.ts';
import { topicsOf } from '#shared/topics.ts';
import type { OpenAppCapability } from '../contract.ts';
import { LINK_LIFE_MS, makeQrLink, makeShareLink } from './share.ts';

export const openApp: OpenAppCapability = {
  app: { zh: '抖音', en: 'Douyin' },
  lifeMs: LINK_LIFE_MS,
  isOffered: (settings) => Boolean(settings.clientKey),
  async make(session, payload, media, known, expiresAt) {
    if (media.length === 0 || media.some(({ url }) => !url.startsWith('https://'))) {
      return { failure: { kind: 'rejected', code: 'no-public-media', reason: unreachable } };
    }
    const video = media.find(({ role }) => role === 'video');
    const share = {
      ...wordsOf(payload),
      media: video
        ? { kind: 'video' as const, url: video.url }
        : { kind: 'pictures' as const, urls: [...new Set(media.map(({ url }) => url))] },
    };
    const phone = await makeShareLink(session, share, known.shareId);
    if ('failure' in phone) return phone;
    // A permission of its own, which many applications lack: the phone's link stands without it.
    const desk = await makeQrLink(session, share, expiresAt, phone.shareId);
    return {
      phone: phone.schema,
      desk: 'failure' in desk ? null : desk.schema,
      ids: { shareId: phone.shareId },
    };
  },
};

const unreachable =
  '平台要从公网 https 地址取素材，本系统的公网地址不是 https / media must be reachable by public https';

/** A last line of nothing but topics goes along as topics, so that none stands there twice. */
export function wordsOf({ title, body }: Pick<PackagePayload, 'title' | 'body'>): {
  title: string;
  shortTitle?: string;
  hashtags: string[];
} {
  const lines = body.value.trimEnd().split('\n');
  const last = lines.at(-1) ?? '';
  const isTopics = /^(?:#[^\s#]+#?\s*)+$/.test(last);
  return {
    title: (isTopics ? lines.slice(0, -1).join('\n') : body.value).trim(),
    ...(title ? { shortTitle: title } : {}),
    hashtags: isTopics ? topicsOf(last) : [],
  };
}
