import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "@/ui/shell/tree";

export const runsRoutes = [
  createRoute({ getParentRoute: () => workspaceRoute, path: "runs", component: lazyRouteComponent(() => import("./RunsPage"), "RunsPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "runs/new", component: lazyRouteComponent(() => import("./RunNewPage"), "RunNewPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "runs/compare", component: lazyRouteComponent(() => import("./ComparePage"), "ComparePage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "runs/$name", component: lazyRouteComponent(() => import("./RunPage"), "RunPage") }),
] as const;
