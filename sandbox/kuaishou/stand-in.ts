import type { StandIn } from '../core/stand-in.ts';
import { registerApi } from './api.ts';
import { registerConsent } from './oauth.ts';
import { registerPages } from './page-routes.ts';
import { registerSetUp } from './set-up.ts';
import { PLATFORM } from './state.ts';
import { registerReview } from './videos.ts';

/** Kuaishou's open platform: videos by API, pictures by a person on the page; written from copies of its documents. */
export const kuaishouStandIn: StandIn = {
  id: PLATFORM,
  label: { zh: '快手（模拟）', en: 'Kuaishou (stand-in)' },
  register(app, world) {
    registerReview(world);
    registerApi(app, world);
    registerConsent(app, world);
    registerSetUp(app, world);
    registerPages(app, world);
  },
};
