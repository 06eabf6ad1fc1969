import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "@/ui/shell/tree";

export const indexesRoutes = [
  createRoute({ getParentRoute: () => workspaceRoute, path: "indexes", component: lazyRouteComponent(() => import("./IndexesPage"), "IndexesPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "indexes/$name", component: lazyRouteComponent(() => import("./IndexPage"), "IndexPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "indexes/new", component: lazyRouteComponent(() => import("./BuildPage"), "BuildPage") }),
] as const;
