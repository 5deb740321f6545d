import type { getDelivery } from '#shared/publishing.ts';
import type { RouteReply } from '#shared/route.ts';

export type DeliveryDetail = RouteReply<typeof getDelivery>;
