import { z } from 'zod';
import { type Lang, type Text, text } from './lang.ts';
import { route } from './route.ts';

export const roles = [
  'editor',
  'reviewer-first',
  'reviewer-second',
  'reviewer-final',
  'agent',
  'section',
  'administrator',
  'supervisor',
  'leader',
  'operator',
] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

export const roleLabels = {
  editor: text('采编', 'Editor'),
  'reviewer-first': text('初审', 'First reviewer'),
  'reviewer-second': text('复审', 'Second reviewer'),
  'reviewer-final': text('终审', 'Final reviewer'),
  agent: text('留言办理', 'Agent'),
  section: text('业务科室', 'Section'),
  administrator: text('管理员', 'Administrator'),
  supervisor: text('上级', 'Supervisor'),
  leader: text('领导', 'Leader'),
  operator: text('系统运维', 'Operator'),
} as const satisfies Record<Role, Text>;

export const permissions = [
  'people.read',
  'people.manage',
  'account.read',
  'account.manage',
  'article.read',
  'article.write',
  'article.submit',
  'review.read',
  'review.decide',
  'calendar.read',
  'calendar.manage',
  'delivery.read',
  'delivery.manage',
  'delivery.decide',
  'handoff.perform',
  'inbox.read',
  'inbox.answer',
  'inbox.dispatch',
  'inbox.supervise',
  'inbox.manage',
  'audit.read',
  'channel.manage',
] as const;
export const Permission = z.enum(permissions);
export type Permission = z.infer<typeof Permission>;

const reading = [
  'people.read',
  'account.read',
  'article.read',
  'review.read',
  'calendar.read',
  'delivery.read',
] as const;
const reviewing = [...reading, 'review.decide'] as const;

/** The one place that says what a role may do. Objects are further limited to the bureau by row security. */
export const rolePermissions = {
  editor: [...reading, 'article.write', 'article.submit', 'delivery.manage', 'handoff.perform', 'inbox.read'],
  'reviewer-first': reviewing,
  'reviewer-second': reviewing,
  'reviewer-final': [...reviewing, 'delivery.manage', 'delivery.decide'],
  agent: [
    'people.read',
    'account.read',
    'calendar.read',
    'delivery.read',
    'inbox.read',
    'inbox.answer',
    'inbox.dispatch',
    'handoff.perform',
  ],
  section: ['people.read', 'account.read', 'calendar.read', 'delivery.read', 'inbox.read', 'inbox.answer'],
  administrator: [
    ...reading,
    'people.manage',
    'account.manage',
    'calendar.manage',
    'delivery.manage',
    'delivery.decide',
    'handoff.perform',
    'inbox.read',
    'inbox.dispatch',
    'inbox.supervise',
    'inbox.manage',
    'audit.read',
    'channel.manage',
  ],
  supervisor: ['account.read', 'delivery.read', 'calendar.read'],
  leader: [...reading, 'inbox.read', 'inbox.supervise', 'audit.read'],
  operator: ['account.read', 'delivery.read', 'channel.manage'],
} as const satisfies Record<Role, readonly Permission[]>;

export function may(roleList: readonly Role[], permission: Permission): boolean {
  return roleList.some((role) => (rolePermissions[role] as readonly Permission[]).includes(permission));
}

/** What the policy profile 'dengbao' asks of a person before anything else. */
export const duties = ['change-password', 'set-up-second-factor'] as const;
export const Duty = z.enum(duties);
export type Duty = z.infer<typeof Duty>;

export const unitKinds = ['bureau', 'section', 'township', 'partner'] as const;
export const Unit = z.object({
  id: z.uuid(),
  parentId: z.uuid().nullable(),
  kind: z.enum(unitKinds),
  name: z.string(),
  shortName: z.string(),
  fields: z.array(z.string()),
});
export type Unit = z.infer<typeof Unit>;

export const Me = z.object({
  personId: z.uuid(),
  name: z.string(),
  login: z.string(),
  roles: z.array(Role),
  permissions: z.array(Permission),
  unit: z.object({ id: z.uuid(), name: z.string() }),
  bureau: z.object({ id: z.uuid(), name: z.string(), shortName: z.string(), slug: z.string() }),
  /** True where the relaxed policy profile runs: every page says so. */
  demonstration: z.boolean(),
  /** To be done first; until then only the routes that do it are open. */
  duties: z.array(Duty),
  /** Other memberships this person may switch to. */
  memberships: z.array(z.object({ id: z.uuid(), unitName: z.string(), role: Role })),
});
export type Me = z.infer<typeof Me>;

export const signIn = route({
  method: 'POST',
  path: '/api/session',
  access: 'public',
  summary: 'Sign in with login and password; sets the session cookie.',
  body: z.object({
    login: z.string().min(1).max(64),
    password: z.string().min(1).max(256),
    /** Of the authenticator, or a recovery code; asked for by the error `second-factor-needed`. */
    code: z.string().trim().min(1).max(40).optional(),
  }),
  reply: Me,
});

export const getMe = route({
  method: 'GET',
  path: '/api/session',
  access: 'session',
  tokens: true,
  beforeDuties: true,
  summary: 'Who is signed in, or whose token it is, and what they may do.',
  reply: Me,
});

export const signOut = route({
  method: 'DELETE',
  path: '/api/session',
  access: 'session',
  beforeDuties: true,
  summary: 'End this session.',
  reply: z.object({ ok: z.literal(true) }),
});

export const listSessions = route({
  method: 'GET',
  path: '/api/sessions',
  access: 'session',
  beforeDuties: true,
  summary: 'My open sessions.',
  reply: z.array(
    z.object({
      id: z.string(),
      createdAt: z.iso.datetime(),
      lastSeenAt: z.iso.datetime(),
      address: z.string(),
      agent: z.string(),
      current: z.boolean(),
    }),
  ),
});

export const revokeSession = route({
  method: 'DELETE',
  path: '/api/sessions/:sessionId',
  access: 'session',
  beforeDuties: true,
  summary: 'End one of my sessions.',
  params: z.object({ sessionId: z.string().regex(/^[0-9a-f]{64}$/) }),
  reply: z.object({ ok: z.literal(true) }),
});

export const Colleague = z.object({
  id: z.uuid(),
  name: z.string(),
  login: z.string(),
  disabled: z.boolean(),
  memberships: z.array(z.object({ unitId: z.uuid(), unitName: z.string(), role: Role })),
});
export type Colleague = z.infer<typeof Colleague>;

export const listColleagues = route({
  method: 'GET',
  path: '/api/people',
  access: 'people.read',
  summary: 'People of the bureau.',
  reply: z.array(Colleague),
});

export const createPerson = route({
  method: 'POST',
  path: '/api/people',
  access: 'people.manage',
  summary: 'Add a person with one membership; answers the first password once.',
  body: z.object({
    login: z.string().regex(/^[a-z][a-z0-9.-]{1,31}$/),
    name: z.string().trim().min(1).max(40),
    unitId: z.uuid(),
    role: Role,
  }),
  reply: z.object({ id: z.uuid(), firstPassword: z.string() }),
});

export const disablePerson = route({
  method: 'POST',
  path: '/api/people/:personId/disable',
  access: 'people.manage',
  summary: 'Disable a person and end all their sessions at once.',
  params: z.object({ personId: z.uuid() }),
  body: z.object({ reason: z.string().trim().min(1).max(200) }),
  reply: z.object({ ok: z.literal(true) }),
});

export const resetPassword = route({
  method: 'POST',
  path: '/api/people/:personId/reset-password',
  access: 'people.manage',
  // Whoever resets a password can sign in as that person: more than any scope says.
  tokens: false,
  summary:
    'Give a colleague a new first password, answered once; ends their sessions, keeps their second factor.',
  params: z.object({ personId: z.uuid() }),
  body: z.object({ reason: z.string().trim().min(1).max(200) }),
  reply: z.object({ firstPassword: z.string() }),
});

export const listUnits = route({
  method: 'GET',
  path: '/api/units',
  access: 'people.read',
  summary: 'The organisation tree of the bureau.',
  reply: z.array(Unit),
});

export function roleLabel(role: Role, lang: Lang): string {
  return roleLabels[role][lang];
}
