import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "@/ui/shell/tree";

export const accessRoutes = [
  createRoute({ getParentRoute: () => workspaceRoute, path: "access", component: lazyRouteComponent(() => import("./AccessPage"), "AccessPage") }),
] as const;
