export { serviceRoutes } from './routes.ts';
export { listServicePhones } from './store.ts';
