import type { Actor } from '#server/base/actor.ts';
import { AppError } from '#server/base/app-error.ts';
import { now, wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { judgeReply } from '#server/base/text/reply-quality.ts';
import { rankAnswers } from '#server/base/text/retrieval.ts';
import { findSiteBase, indexTerms } from '#server/modules/publishing/index.ts';
import type { judgeDraft, Suggestion } from '#shared/knowledge.ts';
import type { RouteReply } from '#shared/route.ts';
import { needsReview } from '../answers/review-need.ts';
import { answerPath } from '../asks/public-answers.ts';
import { findCase } from '../cases/store.ts';
import { loadOurs, maskForPublic } from '../personal-findings.ts';
import { listAnswerCandidates } from '../publication/store.ts';
import { readCaseWords } from '../publication/words.ts';
import { loadSettings } from '../settings/store.ts';
import { lacksBasis, staleOn } from './rules.ts';
import { listEntryCandidates } from './store.ts';

const candidates = 200;
const shown = 5;
/** This share of the shorter of the two questions must be in both, and no less than some terms: else only words are alike. */
const shareNeeded = 0.3;
const termsNeeded = 3;

/** @throws {AppError} not-found */
export async function suggestFor(tx: Tx, actor: Actor, caseId: string): Promise<Suggestion[]> {
  const { bureauId } = actor;
  const found = await findCase(tx, bureauId, caseId);
  if (!found) throw new AppError('not-found');
  const { question } = await readCaseWords(tx, bureauId, caseId, found);
  return findSuggestions(tx, bureauId, question || found.title, caseId);
}

/** What fits best of knowledge base and public answers; an answer that became an entry is shown once. */
async function findSuggestions(
  tx: Tx,
  bureauId: string,
  question: string,
  caseId: string,
): Promise<Suggestion[]> {
  const today = wallDate(now());
  const entries = await listEntryCandidates(tx, bureauId, question, candidates);
  const answers = await listAnswerCandidates(tx, bureauId, question, candidates);
  const site = answers.length > 0 ? await findSiteBase(tx, bureauId) : { base: '' };
  const known = new Map<string, Suggestion>();
  for (const { id, state, content } of entries) {
    known.set(id, {
      ...{ source: 'knowledge', id, question: content.question, answer: content.answer },
      ...{ basis: content.basis, url: null, stale: staleOn(today, state, content), covered: 0 },
      basisMissing: lacksBasis(state, content),
    });
  }
  const became = new Set(entries.map((entry) => entry.from_answer_id));
  for (const { id, slug, case_id, question: asked, answer } of answers) {
    // The case's own public answer says nothing new to whoever gave it.
    if (became.has(id) || case_id === caseId) continue;
    known.set(id, {
      ...{ source: 'published', id, question: asked, answer, basis: '' },
      ...{ url: answerPath(site, slug), stale: null, basisMissing: false, covered: 0 },
    });
  }
  const documents = [...known.values()].map((one) => ({ id: one.id, title: one.question, text: one.answer }));
  return rankAnswers(question, documents, shown)
    .filter(({ id }) => asksTheSame(question, known.get(id)!.question))
    .map(({ id, covered }) => ({ ...known.get(id)!, covered }));
}

/** A machine says it, so that more is asked for than for what a person chooses from. */
const sureCover = 0.6;
const sureShare = 0.5;

/** The public answer that is surely meant by a question; null: none, or not surely. */
export async function findSureAnswer(
  tx: Tx,
  bureauId: string,
  said: string,
): Promise<{ slug: string; question: string } | null> {
  const answers = await listAnswerCandidates(tx, bureauId, said, candidates);
  const documents = answers.map(({ id, question, answer }) => ({ id, title: question, text: answer }));
  const [best] = rankAnswers(said, documents, 1);
  const found = best && best.covered >= sureCover ? answers.find(({ id }) => id === best.id) : undefined;
  return found && asksTheSame(said, found.question, sureShare)
    ? { slug: found.slug, question: found.question }
    : null;
}

function asksTheSame(one: string, other: string, share = shareNeeded): boolean {
  const terms = new Set(indexTerms(one));
  const theirs = indexTerms(other);
  const shared = theirs.filter((term) => terms.has(term)).length;
  return shared >= Math.max(termsNeeded, share * Math.min(terms.size, theirs.length));
}

const dayMs = 86_400_000;

/** Reads a draft as the citizen would. Nothing of it is kept, and no mark of a person is made of it. */
export async function judgeDraftOf(
  tx: Tx,
  actor: Actor,
  caseId: string,
  reply: string,
): Promise<RouteReply<typeof judgeDraft>> {
  const { bureauId } = actor;
  const found = await findCase(tx, bureauId, caseId);
  if (!found) throw new AppError('not-found');
  const { question } = await readCaseWords(tx, bureauId, caseId, found);
  const { settings } = await loadSettings(tx, bureauId);
  const days = (now().getTime() - found.received_at.getTime()) / dayMs;
  const allowed = found.due_at ? (found.due_at.getTime() - found.received_at.getTime()) / dayMs : 3;
  const allowedDays = Math.max(1, Math.round(allowed));
  const { overall: _notAMark, ...marks } = judgeReply({
    question: question || found.title,
    reply,
    days,
    allowedDays,
  });
  const reviewed = needsReview(settings.answerReview, found);
  return { ...marks, personal: maskForPublic(reply, await loadOurs(tx, bureauId)).found, reviewed };
}
