import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "@/ui/shell/tree";

export const gatewayRoutes = [
  createRoute({ getParentRoute: () => workspaceRoute, path: "gateway", component: lazyRouteComponent(() => import("./GatewayPage"), "GatewayPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "gateway/route", component: lazyRouteComponent(() => import("./RoutePage"), "RoutePage") }),
] as const;
