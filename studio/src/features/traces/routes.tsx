import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "@/ui/shell/tree";

export const tracesRoutes = [
  createRoute({ getParentRoute: () => workspaceRoute, path: "traces", component: lazyRouteComponent(() => import("./TracesPage"), "TracesPage") }),
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "traces/$traceId",
    component: lazyRouteComponent(() => import("./TracePage"), "TracePage"),
  }),
] as const;
