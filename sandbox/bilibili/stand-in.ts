import { z } from 'zod';
import type { StandIn } from '../core/stand-in.ts';
import { registerApi } from './api.ts';
import { reviewArticle } from './articles.ts';
import { registerConsent } from './oauth.ts';
import { registerPages } from './page-routes.ts';
import { registerSetUp } from './set-up.ts';
import { PLATFORM } from './state.ts';
import { reviewVideo } from './videos.ts';

const VideoReview = z.object({ openid: z.string(), bvid: z.string() });
const Review = z.object({ openid: z.string(), id: z.number() });

/** Bilibili's open platform: articles and videos, written from copies of its documents. */
export const bilibiliStandIn: StandIn = {
  id: PLATFORM,
  label: { zh: '哔哩哔哩（模拟）', en: 'Bilibili (stand-in)' },
  register(app, world) {
    registerApi(app, world);
    registerConsent(app, world);
    registerSetUp(app, world);
    registerPages(app, world);
    world.schedule.handle(`${PLATFORM}.review`, (data) => {
      const { openid, id } = Review.parse(data);
      reviewArticle(world, openid, id, { passed: true });
    });
    world.schedule.handle(`${PLATFORM}.review-video`, (data) => {
      const { openid, bvid } = VideoReview.parse(data);
      reviewVideo(world, openid, bvid, { passed: true });
    });
  },
};
