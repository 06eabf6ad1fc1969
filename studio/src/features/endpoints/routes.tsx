import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "@/ui/shell/tree";

export const endpointsRoutes = [
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "endpoints",
    component: lazyRouteComponent(() => import("./EndpointsPage"), "EndpointsPage"),
  }),
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "deploy",
    component: lazyRouteComponent(() => import("./DeployPage"), "DeployPage"),
  }),
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "endpoints/$name",
    component: lazyRouteComponent(() => import("./EndpointPage"), "EndpointPage"),
  }),
] as const;
