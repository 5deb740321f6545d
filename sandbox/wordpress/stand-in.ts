import type { StandIn } from '../core/stand-in.ts';
import { registerApi } from './api.ts';
import { registerPages } from './page-routes.ts';
import { registerSetUp } from './set-up.ts';
import { PLATFORM } from './state.ts';

/** One WordPress site with several users, written from its source and from answers of WordPress 6.1. */
export const wordpressStandIn: StandIn = {
  id: PLATFORM,
  label: { zh: '单位网站 WordPress（模拟）', en: 'WordPress website (stand-in)' },
  register(app, world) {
    registerApi(app, world);
    registerSetUp(app, world);
    registerPages(app, world);
  },
};
