import type { StandIn } from '../core/stand-in.ts';
import { registerApi } from './api.ts';
import { registerPages } from './page-routes.ts';
import { registerSetUp } from './set-up.ts';
import { PLATFORM } from './state.ts';

/** One Mastodon instance, written from its documents and from what a compatible server answered. */
export const mastodonStandIn: StandIn = {
  id: PLATFORM,
  label: { zh: '长毛象 Mastodon（模拟）', en: 'Mastodon (stand-in)' },
  register(app, world) {
    registerApi(app, world);
    registerSetUp(app, world);
    registerPages(app, world);
  },
};
