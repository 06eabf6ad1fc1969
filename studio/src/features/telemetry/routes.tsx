import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "@/ui/shell/tree";

export const telemetryRoutes = [
  createRoute({ getParentRoute: () => workspaceRoute, path: "telemetry/policy", component: lazyRouteComponent(() => import("./PolicyPage"), "PolicyPage") }),
] as const;
