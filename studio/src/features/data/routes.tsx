import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "@/ui/shell/tree";

export const dataRoutes = [
  createRoute({ getParentRoute: () => workspaceRoute, path: "data", component: lazyRouteComponent(() => import("./DataPage"), "DataPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "data/$name", component: lazyRouteComponent(() => import("./DataAssetPage"), "DataAssetPage") }),
] as const;
