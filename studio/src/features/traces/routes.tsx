import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "@/ui/shell/tree";

export const tracesRoutes = [
  createRoute({ getParentRoute: () => workspaceRoute, path: "traces", component: lazyRouteComponent(() => import("./TracesPage"), "TracesPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "traces/sessions", component: lazyRouteComponent(() => import("./SessionsRoute"), "SessionsRoute") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "traces/sessions/$sessionId", component: lazyRouteComponent(() => import("./SessionPage"), "SessionPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "traces/users", component: lazyRouteComponent(() => import("./SessionsRoute"), "UsersRoute") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "traces/compare", component: lazyRouteComponent(() => import("./ComparePage"), "ComparePage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "traces/replay", component: lazyRouteComponent(() => import("./ReplayPage"), "ReplayPage") }),
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "traces/$traceId",
    component: lazyRouteComponent(() => import("./TracePage"), "TracePage"),
  }),
] as const;
