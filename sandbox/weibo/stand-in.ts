import type { StandIn } from '../core/stand-in.ts';
import { registerApi } from './api.ts';
import { registerConsent } from './oauth.ts';
import { registerPages } from './page-routes.ts';
import { registerSetUp } from './set-up.ts';
import { PLATFORM } from './state.ts';

/** Weibo's open platform, written from its documents; what is from memory is marked †. */
export const weiboStandIn: StandIn = {
  id: PLATFORM,
  label: { zh: '微博（模拟）', en: 'Weibo (stand-in)' },
  register(app, world) {
    registerApi(app, world);
    registerConsent(app, world);
    registerSetUp(app, world);
    registerPages(app, world);
  },
};
