import { SessionsPage } from "./SessionsPage";

/** Conversations. */
export function SessionsRoute() {
  return <SessionsPage users={false} />;
}

/** Users of the applications. */
export function UsersRoute() {
  return <SessionsPage users />;
}
