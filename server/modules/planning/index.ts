export { planningRoutes } from './routes.ts';
export { seedWorkingDays } from './seed-working-days.ts';
export { loadCalendar } from './store.ts';
export {
  addDays,
  addWorkingDays,
  describeDay,
  numberWorkingDays,
  type WorkingCalendar,
} from './working-days.ts';
