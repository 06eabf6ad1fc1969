import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "@/ui/shell/tree";

export const modelsRoutes = [
  createRoute({ getParentRoute: () => workspaceRoute, path: "models", component: lazyRouteComponent(() => import("./ModelsPage"), "ModelsPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "models/$name", component: lazyRouteComponent(() => import("./ModelPage"), "ModelPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "models/try/side-by-side", component: lazyRouteComponent(() => import("./SideBySidePage"), "SideBySidePage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "models/compare/reports", component: lazyRouteComponent(() => import("./ComparePage"), "ComparePage") }),
] as const;
