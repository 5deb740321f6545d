/**
 * Each table has one owner: the module (or `base`, or `server` where all meet) whose SQL may touch it. Everybody else asks
 * the owner's index.ts. Analytics and assessment read views of schema `facts` alone.
 */
export const tableOwners = {
  ...owned('people', [
    'units',
    'bureau_settings',
    'people',
    'memberships',
    'sessions',
    'sign_in_failures',
    'api_tokens',
    'second_factors',
    'recovery_codes',
  ]),
  ...owned('audit', ['audit_entries', 'audit_seals', 'audit_sealer']),
  ...owned('base', ['idempotency_keys', 'public_rates', 'spent_proofs']),
  ...owned('server', ['heartbeats']),
  ...owned('notices', [
    'notices',
    'notice_recipients',
    'notice_channels',
    'notice_preferences',
    'notice_sendings',
  ]),
  ...owned('accounts', [
    'accounts',
    'account_secrets',
    'call_holds',
    'account_health',
    'account_menus',
    'call_uses',
  ]),
  ...owned('content', ['files', 'articles', 'article_versions', 'packages', 'short_links']),
  ...owned('content', ['file_uses', 'file_removals', 'uploads']),
  ...owned('review', ['reviews', 'review_decisions']),
  ...owned('planning', ['working_days']),
  ...owned('publishing', [
    'deliveries',
    'delivery_attempts',
    'site_pages',
    'published_pages',
    'public_sites',
    'figures',
    'account_figures',
    'figure_polls',
    'account_figure_polls',
    'assisted_tasks',
    'app_links',
    'withdrawals',
    'withdrawal_targets',
    'corrections',
    'published_corrections',
  ]),
  ...owned('inbox', [
    'raw_pushes',
    'conversations',
    'messages',
    'cases',
    'case_numbers',
    'case_conversations',
  ]),
  ...owned('inbox', ['case_events', 'replies', 'comment_polls', 'mention_polls', 'call_budgets']),
  ...owned('inbox', ['case_notes', 'case_files', 'case_texts', 'case_helpers', 'case_reminders']),
  ...owned('inbox', ['published_answers', 'published_answer_versions', 'public_answers', 'comment_checks']),
  ...owned('inbox', [
    'inbox_settings',
    'knowledge_entries',
    'knowledge_versions',
    'reply_citations',
    'automatic_answers',
  ]),
  ...owned('inbox', ['sorting_models']),
  ...owned('services', ['services', 'public_services']),
  ...owned('inbox', ['inbox_settings', 'knowledge_entries', 'knowledge_versions', 'reply_citations']),
  ...owned('inbox', ['sorting_models', 'comment_switches', 'inbound_files']),
  ...owned('insight', ['issue_runs', 'issues', 'issue_members', 'digests', 'answer_marks']),
  ...owned('facts', ['facts.publishing_deliveries', 'facts.inbox_cases', 'facts.inbox_messages']),
  ...owned('facts', ['facts.insight_issues', 'facts.insight_answer_marks', 'facts.insight_digests']),
  ...owned('facts', [
    'facts.publishing_figures',
    'facts.publishing_account_figures',
    'facts.publishing_withdrawals',
    'facts.publishing_tasks',
  ]),
} as const satisfies Record<string, string>;

function owned(owner: string, tables: readonly string[]): Record<string, string> {
  return Object.fromEntries(tables.map((table) => [table, owner]));
}

/** `file table`, or a file or folder and `*`: SQL on tables of another owner, with the reason. */
export const foreignTables: Readonly<Record<string, string>> = {
  'server/backup/*': 'backup and restore are about every table, as the owner of the schema',
  'server/seed/demonstration.ts *':
    'the first bureaus are made before there is anybody who could ask the people module',
  'server/cli/audit.ts *': 'reads chains of all bureaus side by side, for the operator',
  'server/cli/bureaus.ts *': 'finds the bureau an operator names, before there is an actor',
  'server/cli/doctor-database.ts deliveries': 'one count: what is overdue',
  'server/cli/import.ts people': 'which log-ins exist already, before a list is imported',
  'server/cli/seed.ts *': 'whether there is anything yet',
  'server/cli/token.ts *':
    'tokens are made by the operator alone; the people module has no operation for it yet',
  'server/cli/user.ts *': 'an operator’s repairs of people; the people module has no operations for them yet',
  'server/serve.ts accounts': 'finds the accounts whose stand-ins must be told the address of this start',
  'server/base/http/probes.ts deliveries': 'two counts for /metrics, no rows',
  'server/base/http/probes.ts raw_pushes': 'two counts for /metrics, no rows',
  'server/modules/accounts/store.ts units':
    'the name of the unit beside each account, one query for the whole list',
  'server/modules/content/store.ts accounts':
    'platform and name beside each package, one query for all variants',
  'server/modules/publishing/figures/store.ts accounts': 'names beside a page of posts, one query',
  'server/modules/publishing/figures/store.ts articles': 'titles beside a page of posts, one query',
  'server/modules/publishing/figures/poll-store.ts accounts':
    'a row for every account whose interface tells its totals, in one statement',
  'server/modules/publishing/tasks/store.ts accounts': 'names beside the list of tasks, one query',
  'server/modules/publishing/read.ts articles': 'the title beside each delivery, one query a page',
  'server/modules/publishing/view.ts accounts': 'the board joins names to a page of deliveries in one query',
  'server/modules/publishing/view.ts articles': 'the board joins names to a page of deliveries in one query',
  'server/modules/publishing/view.ts packages':
    'the board shows the short link of each package in the same query',
  'server/modules/publishing/dispatch/may-go-out.ts reviews':
    'approval, hash and hold are checked again in the very statement that takes the claim (publish once, step 2)',
  'server/modules/publishing/manage-delivery.ts reviews':
    'the approved window, read under the same lock as the delivery',
  'server/modules/publishing/site-pages.ts short_links':
    'the public role may read this table and none of the desk’s',
};

/** SQL on a module's own tables that does not stand in its `store.ts`, with the reason. */
export const sqlOutsideStores: Readonly<Record<string, string>> = {
  'server/modules/inbox/asks/public-answers.ts': 'the read side of the public site, and its one counter',
  'server/modules/audit/record.ts': 'the one insert that every module calls, inside its own transaction',
  'server/modules/people/create-person.ts':
    'one operation, one file: unit, person and membership in one transaction',
  'server/modules/people/lockout.ts': 'the counters of failed sign-ins, each changed by a single statement',
  'server/modules/people/routes.ts': 'disabling a person is one update beside the end of their sessions',
  'server/modules/people/session.ts': 'opening and ending sessions, kept beside the cookie they belong to',
  'server/modules/content/working-copy.ts': 'autosave: compare-and-set on the revision',
  'server/modules/content/todo.ts': 'the drafts of one person, for home',
  'server/modules/publishing/dispatch/may-go-out.ts':
    'all that must hold before the irreversible call, asked in one place',
  'server/modules/publishing/read.ts': 'the read side for other modules',
  'server/modules/publishing/view.ts': 'the read side of the board, one query a page',
  'server/modules/publishing/submit-article.ts':
    'taking back an article looks at what is out already, under its lock',
  'server/modules/publishing/dispatch/send-delivery.ts':
    'the claim of publish once is one statement, read beside its rules',
  'server/modules/publishing/dispatch/pushed-outcome.ts':
    'finds the delivery that a push names under lock, beside the rules it applies',
  'server/modules/publishing/site-pages.ts': 'the store of the public pages, under the public role',
  'server/modules/publishing/site-search.ts': 'the search of the public pages, under the public role',
};
