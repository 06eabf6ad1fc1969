import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "@/ui/shell/tree";

export const connectionsRoutes = [
  createRoute({ getParentRoute: () => workspaceRoute, path: "connections", component: lazyRouteComponent(() => import("./ConnectionsPage"), "ConnectionsPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "connections/new", component: lazyRouteComponent(() => import("./ConnectionNewPage"), "ConnectionNewPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "connections/$name", component: lazyRouteComponent(() => import("./ConnectionPage"), "ConnectionPage") }),
] as const;
