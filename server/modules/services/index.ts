export { matchServices } from './match.ts';
export { serviceRoutes } from './routes.ts';
export { listOfferedServices, listServicePhones } from './store.ts';
