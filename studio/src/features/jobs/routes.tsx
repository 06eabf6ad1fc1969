import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "@/ui/shell/tree";

export const jobsRoutes = [
  createRoute({ getParentRoute: () => workspaceRoute, path: "jobs", component: lazyRouteComponent(() => import("./JobsPage"), "JobsPage") }),
  createRoute({ getParentRoute: () => workspaceRoute, path: "jobs/$id", component: lazyRouteComponent(() => import("./JobPage"), "JobPage") }),
] as const;
