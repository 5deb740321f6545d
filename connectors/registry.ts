/** Every connector by its id; the only place that knows them all. */
import { wechatOfficial } from '#connectors/wechat-official/connector.ts';
import { bilibili } from './bilibili/connector.ts';
import type { Connector } from './contract.ts';
import { douyin } from './douyin/connector.ts';
import { douyinScan } from './douyin-scan/connector.ts';
import { handOffConnectors } from './hand-off/connector.ts';
import { kuaishou } from './kuaishou/connector.ts';
import { mastodon } from './mastodon/connector.ts';
import { site } from './site/connector.ts';
import { weibo } from './weibo/connector.ts';
import { wordpress } from './wordpress/connector.ts';

export const connectors: ReadonlyMap<string, Connector> = new Map(
  [
    wechatOfficial,
    weibo,
    douyin,
    douyinScan,
    kuaishou,
    bilibili,
    mastodon,
    wordpress,
    site,
    ...handOffConnectors,
  ].map((connector) => [connector.id, connector]),
);

/** @throws {RangeError} for a platform that this version does not know */
export function getConnector(id: string): Connector {
  const connector = connectors.get(id);
  if (!connector) throw new RangeError(`没有这个平台的连接器：${id}。There is no connector for it.`);
  return connector;
}
