import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "@/ui/shell/tree";

export const usageRoutes = [
  createRoute({ getParentRoute: () => workspaceRoute, path: "usage", component: lazyRouteComponent(() => import("./UsagePage"), "UsagePage") }),
] as const;
