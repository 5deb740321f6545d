export { createPersonIn, newPassword } from './create-person.ts';
export { hashPassword } from './password.ts';
export { peopleRoutes } from './routes.ts';
export { findActor } from './session.ts';
export { findPeopleNames, listHoldersOf, listUnitsOf } from './store.ts';
