import { createRootRoute, createRoute, Outlet } from "@tanstack/react-router";
import { NotFoundPage } from "./NotFoundPage";
import { RouteError } from "./RouteError";
import { Shell } from "./Shell";

const NoSuchPage = () => <NotFoundPage />;

/** The root of all addresses. Views of a workspace hang below `workspaceRoute`. */
export const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NoSuchPage, errorComponent: RouteError });

/** `/w/<workspace>/…`: everything that has the shell around it. */
export const workspaceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/w/$workspace",
  component: Shell,
  notFoundComponent: NoSuchPage,
  errorComponent: RouteError,
});
