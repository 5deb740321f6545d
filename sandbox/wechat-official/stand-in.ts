import type { StandIn } from '../core/stand-in.ts';
import { registerApi } from './api.ts';
import { handleMassWork } from './mass.ts';
import { registerPages } from './page-routes.ts';
import { handleFinish } from './publishing.ts';
import { registerSetUp } from './set-up.ts';
import { PLATFORM } from './state.ts';

/** WeChat Official Accounts, written from the platform's documents; what is from memory is marked †. */
export const wechatOfficialStandIn: StandIn = {
  id: PLATFORM,
  label: { zh: '微信公众号（模拟）', en: 'WeChat Official Accounts (stand-in)' },
  register(app, world) {
    registerApi(app, world);
    registerSetUp(app, world);
    registerPages(app, world);
    handleFinish(world);
    handleMassWork(world);
  },
};
