import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "@/ui/shell/tree";

export const dataRoutes = [
  createRoute({ getParentRoute: () => workspaceRoute, path: "data", component: lazyRouteComponent(() => import("./DataPage"), "DataPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "data/$name", component: lazyRouteComponent(() => import("./DataAssetPage"), "DataAssetPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "data/datastores/$store", component: lazyRouteComponent(() => import("./StorePage"), "StorePage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "data/new/datastore", component: lazyRouteComponent(() => import("./ConnectPage"), "ConnectPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "data/transform/$name", component: lazyRouteComponent(() => import("./TransformPage"), "TransformPage") }),
] as const;
