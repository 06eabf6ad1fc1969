import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "@/ui/shell/tree";

export const flowsRoutes = [
  createRoute({ getParentRoute: () => workspaceRoute, path: "flows", component: lazyRouteComponent(() => import("./FlowsPage"), "FlowsPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "flows/$flow", component: lazyRouteComponent(() => import("./FlowPage"), "FlowPage") }),
] as const;
