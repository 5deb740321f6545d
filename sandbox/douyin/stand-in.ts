import type { StandIn } from '../core/stand-in.ts';
import { registerApi } from './api.ts';
import { registerReview } from './items.ts';
import { registerConsent } from './oauth.ts';
import { registerPages } from './page-routes.ts';
import { registerSetUp } from './set-up.ts';
import { PLATFORM } from './state.ts';

/** Douyin's open platform, written from its documents; what is from memory is marked †. */
export const douyinStandIn: StandIn = {
  id: PLATFORM,
  label: { zh: '抖音（模拟）', en: 'Douyin (stand-in)' },
  register(app, world) {
    registerReview(world);
    registerApi(app, world);
    registerConsent(app, world);
    registerSetUp(app, world);
    registerPages(app, world);
  },
};
