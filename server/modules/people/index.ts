export { createPersonIn, newPassword } from './create-person.ts';
export { hashPassword } from './password.ts';
export { peopleRoutes } from './routes.ts';
export { deleteFactor as removeSecondFactor } from './second-factor/store.ts';
export { findActor } from './session.ts';
export {
  findBureau,
  findPeopleNames,
  listBureauIds,
  listColleaguesOf,
  listHoldersOf,
  listMembersOf,
  listUnitsOf,
  listWorkingOf,
  setPassword,
} from './store.ts';
