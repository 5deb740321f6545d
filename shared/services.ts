/** The directory of services: what the bureau does for people, and a short block of it to put into an answer. */
import { z } from 'zod';
import { type Text, text } from './lang.ts';
import { route } from './route.ts';

export const serviceStates = ['offered', 'retired'] as const;
export const ServiceState = z.enum(serviceStates);
export const serviceStateLabels = {
  offered: text('在办', 'Offered'),
  retired: text('停办', 'Retired'),
} as const satisfies Record<z.infer<typeof ServiceState>, Text>;

export const ServiceContent = z.object({
  name: z.string().trim().min(2).max(60),
  forWhom: z.string().trim().max(200).default(''),
  place: z.string().trim().max(200).default(''),
  /** Where it is done online. */
  url: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(500)]).default(''),
  phone: z.string().trim().max(60).default(''),
  materials: z.string().trim().max(500).default(''),
});
export type ServiceContent = z.infer<typeof ServiceContent>;

export const Service = ServiceContent.extend({
  id: z.uuid(),
  state: ServiceState,
  revision: z.number().int(),
});
export type Service = z.infer<typeof Service>;

/** What stands in an answer: a line for each thing that is known. For citizens, hence Chinese. */
export function serviceBlock(service: ServiceContent): string {
  const lines: readonly (readonly [string, string])[] = [
    ['办理对象', service.forWhom],
    ['办理地点', service.place],
    ['网上办理', service.url],
    ['咨询电话', service.phone],
    ['所需材料', service.materials],
  ];
  const known = lines.filter(([, value]) => value !== '').map(([label, value]) => `${label}：${value}`);
  return [`【${service.name}】`, ...known].join('\n');
}

const Params = z.object({ serviceId: z.uuid() });

export const listServices = route({
  method: 'GET',
  path: '/api/services',
  access: 'inbox.read',
  summary: 'The directory of services, by name; at most 500.',
  reply: z.object({ rows: z.array(Service) }),
});

export const createService = route({
  method: 'POST',
  path: '/api/services',
  access: 'inbox.dispatch',
  summary: 'Add a service to the directory.',
  body: ServiceContent,
  reply: z.object({ serviceId: z.uuid() }),
});

export const saveService = route({
  method: 'PUT',
  path: '/api/services/:serviceId',
  access: 'inbox.dispatch',
  summary: 'Change a service.',
  params: Params,
  body: z.object({ baseRevision: z.number().int(), content: ServiceContent }),
  reply: z.object({ revision: z.number().int() }),
});

export const moveService = route({
  method: 'POST',
  path: '/api/services/:serviceId/state',
  access: 'inbox.dispatch',
  summary: 'Retire a service, or offer it again.',
  params: Params,
  body: z.object({ state: ServiceState }),
  reply: z.object({ ok: z.literal(true) }),
});
