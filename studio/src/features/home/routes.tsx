import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { session } from "@/api/identity";
import { queryClient } from "@/lib/queries";
import { rootRoute, workspaceRoute } from "@/ui/shell/tree";

/** `/` leads to the first workspace of whoever is signed in. */
export const startRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: async () => {
    const me = await queryClient.query({ ...session.me(), staleTime: "static" });
    const [first] = me.workspaces;
    if (first) throw redirect({ to: "/w/$workspace", params: { workspace: first.name }, replace: true });
  },
});

export const homeRoutes = [
  createRoute({ getParentRoute: () => workspaceRoute, path: "/", component: lazyRouteComponent(() => import("./HomePage"), "HomePage") }),
] as const;
