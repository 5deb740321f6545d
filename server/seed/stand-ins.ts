/** Accounts of the demonstration on the stand-in platforms: both sides get the same random secrets. */
import { randomBytes } from 'node:crypto';
import type { createAccountIn } from '#server/modules/accounts/index.ts';

export type StandInAccount = {
  bureau: string;
  platform: string;
  name: string;
  settings: Record<string, string>;
  secrets: Record<string, string>;
};

/** Platforms that the stand-ins' process serves, under `/sandbox/<id>`. */
export const standInPlatforms = [
  'wechat-official',
  'weibo',
  'douyin',
  'bilibili',
  'mastodon',
  'wordpress',
] as const;

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
    { bureau: 'shitang', platform: 'site', name: '石塘人社网站', settings: {}, secrets: {} },
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
    const body = accountId
      ? standInBody(account, `${pushBase}/hooks/${account.platform}/${accountId}`, publicUrl)
      : null;
    if (!body) continue;
    const id = account.settings.appId ?? account.settings.uid!;
    const answer = await fetch(`${sandboxUrl}/sandbox/_control/${account.platform}/accounts/${id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, ...more[account.platform] }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(`the stand-in platform refused the account: ${await answer.text()}`);
  }
}

function standInBody(
  account: StandInAccount,
  pushUrl: string,
  publicUrl: string,
): Record<string, unknown> | null {
  const { settings, secrets, name } = account;
  if (account.platform === 'wechat-official') {
    return {
      secret: secrets.appSecret,
      name,
      kind: settings.kind,
      verified: true,
      massProtection: true,
      originalId: settings.originalId,
      pageBase: publicUrl,
      push: { url: pushUrl, token: secrets.token, encodingAESKey: secrets.encodingAESKey, mode: 'safe' },
    };
  }
  if (account.platform === 'weibo') {
    return {
      appKey: settings.appKey,
      appSecret: secrets.appSecret,
      name,
      boundDomain: new URL(publicUrl).hostname,
      token: secrets.accessToken,
      push: { url: pushUrl },
    };
  }
  return null;
}
