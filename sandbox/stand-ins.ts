import { bilibiliStandIn } from './bilibili/stand-in.ts';
import type { StandIn } from './core/stand-in.ts';
import { douyinStandIn } from './douyin/stand-in.ts';
import { kuaishouStandIn } from './kuaishou/stand-in.ts';
import { mastodonStandIn } from './mastodon/stand-in.ts';
import { robotStandIns } from './robots/stand-in.ts';
import { wechatOfficialStandIn } from './wechat-official/stand-in.ts';
import { weiboStandIn } from './weibo/stand-in.ts';
import { wordpressStandIn } from './wordpress/stand-in.ts';

/** Every platform that has a stand-in; one line each. */
export const standIns: readonly StandIn[] = [
  wechatOfficialStandIn,
  weiboStandIn,
  douyinStandIn,
  kuaishouStandIn,
  bilibiliStandIn,
  mastodonStandIn,
  wordpressStandIn,
  ...robotStandIns,
];
