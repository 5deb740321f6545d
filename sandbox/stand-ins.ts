import type { StandIn } from './core/stand-in.ts';
import { wechatOfficialStandIn } from './wechat-official/stand-in.ts';
import { weiboStandIn } from './weibo/stand-in.ts';

/** Every platform that has a stand-in; one line each. */
export const standIns: readonly StandIn[] = [wechatOfficialStandIn, weiboStandIn];
