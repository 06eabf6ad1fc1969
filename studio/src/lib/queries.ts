import { QueryClient } from "@tanstack/react-query";

function clientError(error: unknown): boolean {
  if (typeof error !== "object" || error === null || !("problem" in error)) return false;
  const { status } = error.problem as { status: number };
  return status >= 400 && status < 500;
}

/** The one cache of server state. What the server refused is not asked again; what did not answer is, twice. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => count < 2 && !clientError(error),
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});
