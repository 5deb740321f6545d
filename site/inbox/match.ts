/** What may answer a question before it is sent: published answers first, then articles, and what can be done at once. */
import { answerPath, findMatchingAnswers } from '#server/modules/inbox/index.ts';
import { pagePath, searchPages } from '#server/modules/publishing/index.ts';
import { listOfferedServices, matchServices } from '#server/modules/services/index.ts';
import { shorten } from '../html.ts';
import type { SiteContext } from '../site-context.ts';
import type { Site } from '../site-frame.ts';
import type { Matches } from './ask-page.ts';

const answersShown = 3;
const articlesShown = 2;

const servicesShown = 2;

export async function findMatches(context: SiteContext, site: Site, text: string): Promise<Matches> {
  return context.app.database.withPublic(async (tx) => {
    const answers = await findMatchingAnswers(tx, site.bureauId, text, answersShown);
    const pages = await searchPages(tx, site.bureauId, text, articlesShown);
    const services = matchServices(await listOfferedServices(tx, site.bureauId), text, servicesShown);
    const words = [
      ...answers.map(({ slug, question, answer }) => ({
        ...{ url: answerPath(site, slug), title: shorten(question, 50), text: shorten(answer, 100) },
      })),
      ...pages.map(({ slug, title, snippet }) => ({
        url: pagePath(slug),
        title: title.map((part) => part.text).join(''),
        text: snippet.map((part) => part.text).join(''),
      })),
    ];
    return { words, services };
  });
}
