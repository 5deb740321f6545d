/** Approved articles by the thousand: what submission and review leave in the database, written straight to it. */
import type { Master } from '#connectors/contract.ts';
import type { App } from '#server/base/app.ts';
import { canonicalJson, sha256 } from '#server/base/canonical.ts';
import { newId, newToken } from '#server/base/ids.ts';
import type { Config } from '#server/config.ts';
import { combineHashes } from '#server/modules/content/index.ts';
import { type PackageMedia, PackagePayload } from '#shared/package.ts';
import type { StagedAccount } from './publish-accounts.ts';

/** One post: number `n` is in its title, so that the platform's ledger can be read back. */
export type StagedDelivery = {
  id: string;
  number: number;
  account: StagedAccount;
  payload: PackagePayload;
};

/** What deliveries are made of. */
type Ground = {
  app: App;
  config: Pick<Config, 'publicUrl'>;
  accounts: readonly StagedAccount[];
  media: PackageMedia;
  /** For the platforms that take nothing else. */
  video?: PackageMedia;
};

const rowsAtOnce = 1_000;

/** The mark in a title by which a post is known again in the ledger. */
const markOf = (number: number) => `第${String(number).padStart(7, '0')}号`;
export function numberIn(text: string): number | null {
  const found = /第(\d{7})号/.exec(text);
  return found ? Number(found[1]) : null;
}

/**
 * Makes `count` deliveries that wait for nothing but their time: each article goes to every account of its bureau, and
 * an account's articles follow each other. None is woken: the caller says when.
 */
export async function stageDeliveries(stage: Ground, count: number, from: number): Promise<StagedDelivery[]> {
  const bureaus = [...Map.groupBy(stage.accounts, (account) => account.bureauId).values()];
  const rows: Rows = {
    articles: [],
    versions: [],
    packages: [],
    links: [],
    reviews: [],
    deliveries: [],
    polls: [],
  };
  const made: StagedDelivery[] = [];
  for (let round = 0; made.length < count; round += 1) {
    const bureau = bureaus[round % bureaus.length]!;
    const targets = bureau.slice(0, count - made.length);
    made.push(...addArticle(stage, rows, targets, from + made.length));
  }
  await insertRows(stage, rows);
  return made;
}

type Rows = Record<
  'articles' | 'versions' | 'packages' | 'links' | 'reviews' | 'deliveries' | 'polls',
  Record<string, unknown>[]
>;

function addArticle(
  stage: Ground,
  rows: Rows,
  targets: readonly StagedAccount[],
  first: number,
): StagedDelivery[] {
  const bureau_id = targets[0]!.bureauId;
  const [article_id, version_id, review_id, person] = [newId(), newId(), newId(), newId()];
  const made: StagedDelivery[] = [];
  const hashes: Buffer[] = [];
  for (const [at, account] of targets.toSorted((a, b) => (a.id < b.id ? -1 : 1)).entries()) {
    const number = first + at;
    const token = newToken();
    const shortLink = `${stage.config.publicUrl}/s/${token}`;
    const { connector, recipe } = account.platform;
    const payload = PackagePayload.parse({
      ...connector.publish.compose(masterOf(stage, number, connector.publish.needsVideo), {
        shortLink,
        settings: account.account.settings,
      }),
      ...{ format: 1, platform: connector.id, accountId: account.id, mode: 'api' },
      ...{ reach: recipe.reach, shortLink },
    });
    const text = canonicalJson(payload);
    const hash = sha256(text);
    const delivery = { id: newId(), number, account, payload };
    const package_id = newId();
    const shared = { bureau_id, article_id, account_id: account.id };
    rows.packages.push({ ...shared, id: package_id, version_id, payload: text, hash, short_token: token });
    rows.links.push({ ...shared, package_id, token });
    rows.deliveries.push({
      ...shared,
      ...{ id: delivery.id, package_id, platform: connector.id, mode: 'api', reach: recipe.reach, review_id },
      ...{ due_at: new Date(), planned_wall: '2026-01-01 09:00', even_if_late: false, wake_at: null },
    });
    // Reading comments is another lane with a budget of its own; what is measured here is publishing.
    const tomorrow = new Date(Date.now() + 86_400_000);
    rows.polls.push({ bureau_id, delivery_id: delivery.id, account_id: account.id, next_at: tomorrow });
    hashes.push(hash);
    made.push(delivery);
  }
  const title = `压测${markOf(first)}`;
  const content = { article: { title }, targets: [], class: 'ordinary' };
  rows.articles.push({
    ...{ bureau_id, id: article_id, unit_id: bureau_id, class: 'ordinary', state: 'approved' },
    ...{ working: content.article, latest_version: 1, created_by: person, updated_by: person },
  });
  rows.versions.push({
    ...{ bureau_id, id: version_id, article_id, number: 1, content, created_by: person },
    content_hash: sha256(canonicalJson(content)),
  });
  rows.reviews.push({
    ...{ bureau_id, id: review_id, subject_kind: 'article', subject_id: article_id, revision_id: version_id },
    ...{ subject_hash: combineHashes(hashes), title, chain: JSON.stringify([]), state: 'approved' },
    ...{ submitted_by: person, decided_at: new Date() },
  });
  return made;
}

/** A guide of the usual length, about 900 characters. */
function masterOf(stage: Ground, number: number, withVideo: boolean | undefined): Master {
  const paragraphs = Array.from(
    { length: 12 },
    (_, at) =>
      `第${at + 1}步，申请人到人社服务大厅或在网上提交材料，工作人员当场核对身份证、社保卡和申请表，材料齐全的当场受理，五个工作日内办结，结果由短信告知。`,
  );
  return {
    title: `办事指南${markOf(number)}`,
    digest: '一张表、一个窗口、一次提交，五个事项一起办。',
    author: '人社局',
    html: paragraphs.map((text) => `<p>${text}</p>`).join(''),
    text: paragraphs.join('\n'),
    media: withVideo && stage.video ? [stage.media, stage.video] : [stage.media],
  };
}

async function insertRows(stage: Ground, rows: Rows): Promise<void> {
  const tables = [
    ['articles', rows.articles],
    ['article_versions', rows.versions],
    ['packages', rows.packages],
    ['short_links', rows.links],
    ['reviews', rows.reviews],
    ['deliveries', rows.deliveries],
    ['comment_polls', rows.polls],
  ] as const;
  await stage.app.database.withWorker(async (tx) => {
    for (const [table, list] of tables) {
      for (let at = 0; at < list.length; at += rowsAtOnce) {
        await tx
          .insertInto(table)
          // The rows were made above to fit the table; the seven shapes have no common type.
          .values(list.slice(at, at + rowsAtOnce) as never)
          .execute();
      }
    }
  });
}
