import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { parseSearch, stringifySearch } from "@/lib/url";

/** Renders a view at an address below `/w/demo`, with a router and a cache of its own. Gives the router, to look at addresses. */
export async function renderAt(path: string, view: ReactNode) {
  const root = createRootRoute({ component: Outlet });
  const page = createRoute({ getParentRoute: () => root, path: "/w/$workspace", component: () => <>{view}</> });
  const below = createRoute({ getParentRoute: () => root, path: "/w/$workspace/$noun/$name", component: () => <p>another view</p> });
  const router = createRouter({
    routeTree: root.addChildren([page, below]),
    history: createMemoryHistory({ initialEntries: [path] }),
    parseSearch,
    stringifySearch,
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await router.load();
  const rendered = render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { router, client, ...rendered };
}
