/** Accounts of the demonstration on the stand-in platforms: both sides get the same random secrets. */
import { randomBytes } from 'node:crypto';
import { now } from '#server/base/clock.ts';
import type { createAccountIn } from '#server/modules/accounts/index.ts';

export type StandInAccount = {
  bureau: string;
  platform: string;
  name: string;
  settings: Record<string, string>;
  secrets: Record<string, string>;
};

/** Platforms that the stand-ins' process serves, under `/sandbox/<id>`. */
const standInPlatforms = [
  'wechat-official',
  'weibo',
  'douyin',
  'kuaishou',
  'bilibili',
  'mastodon',
  'wordpress',
  // Group robots, which carry notices.
  'wecom-robot',
  'dingtalk-robot',
  'feishu-robot',
] as const;

/** Where each connector finds its stand-in. */
export const standInUrls = (sandboxUrl: string): Map<string, string> =>
  new Map([
    ...standInPlatforms.map((id) => [id, `${sandboxUrl}/sandbox/${id}`] as const),
    // Another way to the same platform.
    ['douyin-scan', `${sandboxUrl}/sandbox/douyin`],
  ]);

const letters = (length: number) =>
  randomBytes(length * 2)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, length)
    .padEnd(length, 'a');
const hex = (length: number) => randomBytes(length).toString('hex').slice(0, length);

/** 43 characters whose last one has no stray bits, so that strict decoders take it too. */
const aesKey = () => randomBytes(32).toString('base64').replace(/=$/, '');

export function makeStandIns(): StandInAccount[] {
  return [
    {
      bureau: 'yunxi',
      platform: 'wechat-official',
      name: '云溪人社',
      settings: { appId: `wx${hex(16)}`, originalId: `gh_${hex(12)}`, kind: 'service' },
      secrets: { appSecret: hex(32), token: letters(24), encodingAESKey: aesKey() },
    },
    {
      bureau: 'yunxi',
      platform: 'weibo',
      name: '云溪人社发布',
      settings: {
        appKey: String(10 ** 9 + randomBytes(4).readUInt32BE()),
        uid: `19${String(randomBytes(4).readUInt32BE()).padStart(10, '0').slice(0, 8)}`,
      },
      secrets: { appSecret: hex(32), accessToken: `2.00${letters(26)}` },
    },
    { bureau: 'yunxi', platform: 'site', name: '云溪人社网站', settings: {}, secrets: {} },
    { bureau: 'yunxi', platform: 'xiaohongshu', name: '云溪人社小课堂', settings: {}, secrets: {} },
    ...makeVideoAndOpenPlatforms(),
    { bureau: 'shitang', platform: 'site', name: '石塘人社网站', settings: {}, secrets: {} },
  ];
}

/** The second county's: signed in already, so that it can post to each at once. */
function makeVideoAndOpenPlatforms(): StandInAccount[] {
  const inDays = (days: number) => new Date(now().getTime() + days * 86_400_000).toISOString();
  const scopes =
    'user_info,renew_refresh_token,video.create.bind,video.data.bind,video.list.bind,item.comment';
  const bilibiliPair = { accessToken: hex(32), refreshToken: hex(32) };
  const kuaishouPair = { accessToken: hex(32), refreshToken: hex(32) };
  return [
    {
      ...{ bureau: 'shitang', platform: 'douyin', name: '石塘人社' },
      settings: { clientKey: `aw${letters(14)}`, scopes, topics: '人社' },
      secrets: {
        ...{ clientSecret: hex(32), openId: hex(32), refreshToken: `rft.${hex(32)}`, renewals: '0' },
        ...{ refreshExpiresAt: inDays(30), grantedScopes: scopes },
      },
    },
    {
      ...{ bureau: 'shitang', platform: 'kuaishou', name: '石塘人社' },
      settings: { appId: `ks${hex(16)}`, topics: '人社' },
      secrets: {
        ...{ appSecret: hex(32), openId: hex(16), ...kuaishouPair },
        ...{ accessEndsAt: inDays(2), refreshEndsAt: inDays(180) },
        grantedScopes: 'user_info,user_video_publish,user_video_info,user_video_delete',
      },
    },
    {
      ...{ bureau: 'shitang', platform: 'bilibili', name: '石塘人社' },
      settings: { appKey: hex(16), category: '15', tid: '21', topics: '人社', openid: hex(32) },
      secrets: { appSecret: hex(32), ...bilibiliPair, accessEndsAt: inDays(30) },
    },
    {
      ...{ bureau: 'shitang', platform: 'mastodon', name: '石塘人社' },
      settings: { instanceUrl: 'https://mastodon.demo.example', username: 'shitang' },
      secrets: { accessToken: hex(43) },
    },
    {
      ...{ bureau: 'shitang', platform: 'wordpress', name: '石塘人社服务站' },
      settings: { siteUrl: 'https://station.demo.example', username: 'shitang' },
      secrets: { applicationPassword: letters(24) },
    },
  ];
}

type AccountInput = Omit<Parameters<typeof createAccountIn>[3], 'unitId'>;

export function standInInputs(
  bureau: string,
  accounts: readonly StandInAccount[],
  publicUrl: string,
): AccountInput[] {
  return accounts
    .filter((account) => account.bureau === bureau)
    .map(({ platform, name, settings, secrets }) => ({
      platform,
      name,
      settings:
        platform === 'weibo'
          ? { ...settings, boundDomain: new URL(publicUrl).hostname, operatorIp: '203.0.113.7' }
          : settings,
      secrets,
    }));
}

/**
 * Tells the stand-ins about the accounts, on every start: their address to push to may have changed.
 * @param accountIds our account id by platform
 * @param pushBase where pushes reach us; `publicUrl` is what stands in links
 */
export async function registerStandIns(
  sandboxUrl: string,
  accounts: readonly StandInAccount[],
  accountIds: ReadonlyMap<string, string>,
  pushBase: string,
  publicUrl: string,
  /** Settings of the stand-ins' own, by platform. */
  more: Readonly<Record<string, Record<string, unknown>>> = {},
): Promise<void> {
  for (const account of accounts) {
    const accountId = accountIds.get(account.platform);
    const standIn = accountId
      ? standInOf(account, `${pushBase}/hooks/${account.platform}/${accountId}`, publicUrl)
      : null;
    if (!standIn) continue;
    const { id, body } = standIn;
    const answer = await fetch(`${sandboxUrl}/sandbox/_control/${account.platform}/accounts/${id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, ...more[account.platform] }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(`the stand-in platform refused the account: ${await answer.text()}`);
  }
}

type StandInSetUp = { id: string; body: Record<string, unknown> };

/** How each stand-in is told of an account; a platform that is not here has none. */
const setUps: Readonly<
  Record<string, (account: StandInAccount, pushUrl: string, publicUrl: string) => StandInSetUp>
> = {
  'wechat-official': ({ settings, secrets, name }, pushUrl, publicUrl) => ({
    id: settings.appId ?? '',
    body: {
      secret: secrets.appSecret,
      name,
      kind: settings.kind,
      verified: true,
      massProtection: true,
      originalId: settings.originalId,
      pageBase: publicUrl,
      push: { url: pushUrl, token: secrets.token, encodingAESKey: secrets.encodingAESKey, mode: 'safe' },
    },
  }),
  weibo: ({ settings, secrets, name }, pushUrl, publicUrl) => ({
    id: settings.uid ?? '',
    body: {
      appKey: settings.appKey,
      appSecret: secrets.appSecret,
      name,
      boundDomain: new URL(publicUrl).hostname,
      token: secrets.accessToken,
      push: { url: pushUrl },
    },
  }),
  douyin: ({ settings, secrets, name }, pushUrl) => ({
    id: secrets.openId ?? '',
    body: {
      ...{ clientKey: settings.clientKey, clientSecret: secrets.clientSecret, name },
      ...{ refreshToken: secrets.refreshToken, push: { url: pushUrl } },
    },
  }),
  kuaishou: ({ settings, secrets, name }, pushUrl) => ({
    id: secrets.openId ?? '',
    body: {
      ...{ appId: settings.appId, appSecret: secrets.appSecret, name, push: { url: pushUrl } },
      ...{ accessToken: secrets.accessToken, refreshToken: secrets.refreshToken },
    },
  }),
  bilibili: ({ settings, secrets, name }, pushUrl) => ({
    id: settings.openid ?? '',
    body: {
      ...{ appKey: settings.appKey, appSecret: secrets.appSecret, name, push: { url: pushUrl } },
      ...{ accessToken: secrets.accessToken, refreshToken: secrets.refreshToken },
    },
  }),
  mastodon: ({ settings, secrets, name }) => ({
    id: settings.username ?? '',
    body: { name, token: secrets.accessToken },
  }),
  wordpress: ({ settings, secrets, name }) => ({
    id: settings.username ?? '',
    body: { name, applicationPassword: secrets.applicationPassword, siteTitle: name },
  }),
};

const standInOf = (account: StandInAccount, pushUrl: string, publicUrl: string): StandInSetUp | null =>
  setUps[account.platform]?.(account, pushUrl, publicUrl) ?? null;
