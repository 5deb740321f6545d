import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import type { App } from '#server/base/app.ts';
import { openFileStore } from '#server/base/files.ts';
import { handleErrors } from '#server/base/http/errors.ts';
import { type Live, startLive } from '#server/base/live.ts';
import { readConfig } from '#server/config.ts';
import type { SitePage } from '#server/modules/publishing/site-pages.ts';
import { type SiteDatabase, startSiteDatabase } from '#server/modules/publishing/site-test-support.ts';
import { siteRoutes } from './site.ts';
import type { Frame } from './site-frame.ts';

export type TestSite = SiteDatabase & {
  app: App;
  server: FastifyInstance;
  liveElsewhere: Live;
  stop(): Promise<void>;
};

export const publicUrl = 'https://rsj.example.gov.cn';

/** The site over a real database; `liveElsewhere` is the notifier of another process. */
export async function startTestSite(): Promise<TestSite> {
  const base = await startSiteDatabase();
  const live = await startLive(base.url);
  const liveElsewhere = await startLive(base.url);
  // The site needs these of the App and no others.
  const needed: Pick<App, 'config' | 'database' | 'live' | 'files'> = {
    config: readConfig({ HUISHENG_PUBLIC_URL: publicUrl }),
    database: base.database,
    live,
    files: openFileStore(join(base.folder, 'files')),
  };
  const app = needed as App;
  const server = Fastify();
  handleErrors(server);
  server.get('/api/ping', async () => 'pong');
  await server.register(siteRoutes(app));
  await server.ready();
  return {
    ...base,
    app,
    server,
    liveElsewhere,
    async stop() {
      await server.close();
      await live.close();
      await liveElsewhere.close();
      await base.stop();
    },
  };
}

export function buildFrame(more: Partial<Frame> = {}): Frame {
  return {
    site: {
      bureauId: '00000000-0000-7000-8000-000000000001',
      slug: 'qinghe',
      name: '清河县人力资源和社会保障局',
      shortName: '清河人社',
      demonstration: false,
      base: '',
    },
    publicUrl,
    view: { large: false },
    ...more,
  };
}

export function buildSitePage(more: Partial<SitePage> = {}): SitePage {
  return {
    bureauId: '00000000-0000-7000-8000-000000000001',
    slug: '20261123-7K2M9Q4T',
    revision: 1,
    title: '退休一件事怎么办',
    digest: '一次申请，退休手续联办。',
    author: null,
    html: '<p>参保人员可以线上申请。</p>',
    plain: '参保人员可以线上申请。',
    publishedAt: new Date('2026-11-23T01:05:00Z'),
    updatedAt: new Date('2026-11-23T01:05:01Z'),
    corrections: [],
    ...more,
  };
}
