import { createRouter } from "@tanstack/react-router";
import { accessRoutes } from "@/features/access/routes";
import { connectionsRoutes } from "@/features/connections/routes";
import { dataRoutes } from "@/features/data/routes";
import { endpointsRoutes } from "@/features/endpoints/routes";
import { flowsRoutes } from "@/features/flows/routes";
import { gatewayRoutes } from "@/features/gateway/routes";
import { homeRoutes, startRoute } from "@/features/home/routes";
import { indexesRoutes } from "@/features/indexes/routes";
import { jobsRoutes } from "@/features/jobs/routes";
import { logsRoutes } from "@/features/logs/routes";
import { modelsRoutes } from "@/features/models/routes";
import { runsRoutes } from "@/features/runs/routes";
import { signInRoute } from "@/features/sign-in/routes";
import { telemetryRoutes } from "@/features/telemetry/routes";
import { tracesRoutes } from "@/features/traces/routes";
import { usageRoutes } from "@/features/usage/routes";
import { parseSearch, stringifySearch } from "@/lib/url";
import { rootRoute, workspaceRoute } from "@/ui/shell/tree";

const tree = rootRoute.addChildren([
  startRoute,
  signInRoute,
  workspaceRoute.addChildren([
    ...homeRoutes,
    ...dataRoutes,
    ...indexesRoutes,
    ...modelsRoutes,
    ...flowsRoutes,
    ...runsRoutes,
    ...endpointsRoutes,
    ...tracesRoutes,
    ...telemetryRoutes,
    ...logsRoutes,
    ...usageRoutes,
    ...gatewayRoutes,
    ...jobsRoutes,
    ...connectionsRoutes,
    ...accessRoutes,
  ]),
]);

/** All addresses of the studio. */
export const router = createRouter({ routeTree: tree, parseSearch, stringifySearch, defaultPreload: "intent", defaultPreloadStaleTime: 0, scrollRestoration: false });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
