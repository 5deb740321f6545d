import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { Settled } from '../features/session/settled.tsx';
import { Broken, NotFound } from './fallbacks.tsx';
import { Guard } from './guard.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Outlet });

// Open to everybody: the sign-in page, and the task page that a phone opens from a QR code.
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' ? { next: search.next } : {},
  component: lazyRouteComponent(() => import('../features/session/sign-in-screen.tsx'), 'SignInScreen'),
});
const handOff = createRoute({
  getParentRoute: () => root,
  path: '/hand-off/$token',
  component: lazyRouteComponent(() => import('../features/hand-off/hand-off-screen.tsx'), 'HandOffScreen'),
});

const guard = createRoute({ getParentRoute: () => root, id: 'guard', component: Guard });
const settled = createRoute({ getParentRoute: () => guard, id: 'settled', component: Settled });
const phoneReview = createRoute({
  getParentRoute: () => settled,
  path: '/m/reviews/$reviewId',
  component: lazyRouteComponent(
    () => import('../features/reviews/phone-review-screen.tsx'),
    'PhoneReviewScreen',
  ),
});
const shell = createRoute({ getParentRoute: () => settled, id: 'shell', component: Shell });

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('../features/home/home-screen.tsx'), 'HomeScreen'),
});
const articles = createRoute({
  getParentRoute: () => shell,
  path: '/articles',
  component: lazyRouteComponent(() => import('../features/articles/list-screen.tsx'), 'ArticleListScreen'),
});
const article = createRoute({
  getParentRoute: () => shell,
  path: '/articles/$articleId',
  component: lazyRouteComponent(() => import('../features/articles/article-screen.tsx'), 'ArticleScreen'),
});
const articleDeliveries = createRoute({
  getParentRoute: () => shell,
  path: '/articles/$articleId/deliveries',
  component: lazyRouteComponent(
    () => import('../features/deliveries/article-deliveries-screen.tsx'),
    'ArticleDeliveriesScreen',
  ),
});
const media = createRoute({
  getParentRoute: () => shell,
  path: '/media',
  component: lazyRouteComponent(() => import('../features/media/library-screen.tsx'), 'MediaLibraryScreen'),
});
const reviews = createRoute({
  getParentRoute: () => shell,
  path: '/reviews',
  component: lazyRouteComponent(() => import('../features/reviews/list-screen.tsx'), 'ReviewListScreen'),
});
const review = createRoute({
  getParentRoute: () => shell,
  path: '/reviews/$reviewId',
  component: lazyRouteComponent(() => import('../features/reviews/review-screen.tsx'), 'ReviewScreen'),
});
const deliveries = createRoute({
  getParentRoute: () => shell,
  path: '/deliveries',
  component: lazyRouteComponent(
    () => import('../features/deliveries/board-screen.tsx'),
    'DeliveryBoardScreen',
  ),
});
const delivery = createRoute({
  getParentRoute: () => shell,
  path: '/deliveries/$deliveryId',
  component: lazyRouteComponent(() => import('../features/deliveries/delivery-screen.tsx'), 'DeliveryScreen'),
});
const figures = createRoute({
  getParentRoute: () => shell,
  path: '/figures',
  component: lazyRouteComponent(() => import('../features/figures/figures-screen.tsx'), 'FiguresScreen'),
});
const registrations = createRoute({
  getParentRoute: () => shell,
  path: '/registrations',
  component: lazyRouteComponent(
    () => import('../features/registrations/register-screen.tsx'),
    'RegisterScreen',
  ),
});
const inbox = createRoute({
  getParentRoute: () => shell,
  path: '/inbox',
  component: lazyRouteComponent(() => import('../features/inbox/list-screen.tsx'), 'InboxListScreen'),
});
const inboxCase = createRoute({
  getParentRoute: () => shell,
  path: '/inbox/$caseId',
  component: lazyRouteComponent(() => import('../features/inbox/case-screen.tsx'), 'CaseScreen'),
});
const inboxWall = createRoute({
  getParentRoute: () => shell,
  path: '/inbox-wall',
  component: lazyRouteComponent(() => import('../features/inbox/wall-screen.tsx'), 'WallScreen'),
});
const inboxComments = createRoute({
  getParentRoute: () => shell,
  path: '/inbox-comments',
  component: lazyRouteComponent(() => import('../features/inbox/comments-screen.tsx'), 'CommentsScreen'),
});
const inboxSettings = createRoute({
  getParentRoute: () => shell,
  path: '/inbox-settings',
  component: lazyRouteComponent(() => import('../features/inbox/settings-screen.tsx'), 'InboxSettingsScreen'),
});
const inboxIntake = createRoute({
  getParentRoute: () => shell,
  path: '/inbox-intake',
  component: lazyRouteComponent(() => import('../features/inbox/intake-screen.tsx'), 'IntakeScreen'),
});
const insight = createRoute({
  getParentRoute: () => shell,
  path: '/insight',
  component: lazyRouteComponent(() => import('../features/insight/issues-screen.tsx'), 'IssuesScreen'),
});
const insightIssue = createRoute({
  getParentRoute: () => shell,
  path: '/insight/issues/$issueId',
  component: lazyRouteComponent(() => import('../features/insight/issue-screen.tsx'), 'IssueScreen'),
});
const digests = createRoute({
  getParentRoute: () => shell,
  path: '/insight/digests',
  component: lazyRouteComponent(() => import('../features/insight/digests-screen.tsx'), 'DigestsScreen'),
});
const digest = createRoute({
  getParentRoute: () => shell,
  path: '/insight/digests/$digestId',
  component: lazyRouteComponent(() => import('../features/insight/digest-screen.tsx'), 'DigestScreen'),
});
const answerQuality = createRoute({
  getParentRoute: () => shell,
  path: '/insight/quality',
  component: lazyRouteComponent(() => import('../features/insight/quality-screen.tsx'), 'QualityScreen'),
});
const sorting = createRoute({
  getParentRoute: () => shell,
  path: '/insight/sorting',
  component: lazyRouteComponent(() => import('../features/insight/sorting-screen.tsx'), 'SortingScreen'),
});
const publications = createRoute({
  getParentRoute: () => shell,
  path: '/inbox/published',
  component: lazyRouteComponent(
    () => import('../features/publication/list-screen.tsx'),
    'PublicationListScreen',
  ),
});
const publication = createRoute({
  getParentRoute: () => shell,
  path: '/inbox/published/$publicationId',
  component: lazyRouteComponent(() => import('../features/publication/edit-screen.tsx'), 'PublicationScreen'),
});
const services = createRoute({
  getParentRoute: () => shell,
  path: '/inbox/services',
  component: lazyRouteComponent(() => import('../features/services/list-screen.tsx'), 'ServiceListScreen'),
});
const knowledgeBase = createRoute({
  getParentRoute: () => shell,
  path: '/inbox/knowledge',
  component: lazyRouteComponent(() => import('../features/knowledge/list-screen.tsx'), 'KnowledgeListScreen'),
});
const knowledgeNew = createRoute({
  getParentRoute: () => shell,
  path: '/inbox/knowledge/new',
  component: lazyRouteComponent(() => import('../features/knowledge/entry-screen.tsx'), 'NewKnowledgeScreen'),
});
const knowledgeEntry = createRoute({
  getParentRoute: () => shell,
  path: '/inbox/knowledge/$entryId',
  component: lazyRouteComponent(() => import('../features/knowledge/entry-screen.tsx'), 'KnowledgeScreen'),
});
const accounts = createRoute({
  getParentRoute: () => shell,
  path: '/accounts',
  component: lazyRouteComponent(() => import('../features/accounts/list-screen.tsx'), 'AccountListScreen'),
});
const account = createRoute({
  getParentRoute: () => shell,
  path: '/accounts/$accountId',
  component: lazyRouteComponent(() => import('../features/accounts/account-screen.tsx'), 'AccountScreen'),
});
const accountMatrix = createRoute({
  getParentRoute: () => shell,
  path: '/accounts/matrix',
  component: lazyRouteComponent(
    () => import('../features/accounts/matrix-screen.tsx'),
    'AccountMatrixScreen',
  ),
});
const accountMenu = createRoute({
  getParentRoute: () => shell,
  path: '/accounts/$accountId/menu',
  component: lazyRouteComponent(() => import('../features/accounts/menu/menu-screen.tsx'), 'MenuScreen'),
});
const accountGrant = createRoute({
  getParentRoute: () => shell,
  path: '/accounts/$accountId/grant',
  component: lazyRouteComponent(() => import('../features/accounts/grant-screen.tsx'), 'GrantScreen'),
});
const calendar = createRoute({
  getParentRoute: () => shell,
  path: '/calendar',
  component: lazyRouteComponent(() => import('../features/calendar/calendar-screen.tsx'), 'CalendarScreen'),
});
const people = createRoute({
  getParentRoute: () => shell,
  path: '/people',
  component: lazyRouteComponent(() => import('../features/people/people-screen.tsx'), 'PeopleScreen'),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  component: lazyRouteComponent(() => import('../features/audit/audit-screen.tsx'), 'AuditScreen'),
});

const notices = createRoute({
  getParentRoute: () => shell,
  path: '/notices',
  component: lazyRouteComponent(() => import('../features/notices/list-screen.tsx'), 'NoticeListScreen'),
});
const noticeSettings = createRoute({
  getParentRoute: () => shell,
  path: '/notices/settings',
  component: lazyRouteComponent(
    () => import('../features/notices/settings-screen.tsx'),
    'NoticeSettingsScreen',
  ),
});
const me = createRoute({
  getParentRoute: () => shell,
  path: '/me',
  component: lazyRouteComponent(() => import('../features/session/me-screen.tsx'), 'MeScreen'),
});

// An address that leads nowhere keeps the menu beside it.
const nowhere = createRoute({ getParentRoute: () => shell, path: '$', component: NotFound });

const shellRoutes = [
  home,
  articles,
  article,
  articleDeliveries,
  media,
  reviews,
  review,
  deliveries,
  delivery,
  registrations,
  figures,
  inbox,
  inboxCase,
  inboxWall,
  inboxComments,
  inboxIntake,
  inboxSettings,
  insight,
  insightIssue,
  digests,
  digest,
  answerQuality,
  sorting,
  publications,
  publication,
  services,
  knowledgeBase,
  knowledgeNew,
  knowledgeEntry,
  accounts,
  account,
  accountMatrix,
  accountGrant,
  accountMenu,
  calendar,
  people,
  audit,
  notices,
  noticeSettings,
  me,
  nowhere,
] as const;

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    handOff,
    guard.addChildren([settled.addChildren([phoneReview, shell.addChildren(shellRoutes)])]),
  ]),
  basepath: '/desk',
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: Broken,
});
