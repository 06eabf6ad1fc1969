import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "@/ui/shell/tree";

export const logsRoutes = [
  createRoute({ getParentRoute: () => workspaceRoute, path: "logs", component: lazyRouteComponent(() => import("./LogsPage"), "LogsPage") }),
] as const;
