import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import type { AccessTags, ApiKeyCreated, Me, Role, SignInLink } from "./types";

const path = (workspace: string) => ({ params: { path: { workspace } } });
const named = (workspace: string, name: string) => ({ params: { path: { workspace, name } } });

/** Who is signed in. */
export const session = {
  me: () => queryOptions({ queryKey: ["me"], queryFn: ({ signal }): Promise<Me> => unwrap(http.GET("/api/v1/me", { signal })), staleTime: 60_000, retry: false }),
  signIn: (proof: { token: string } | { api_key: string }) => unwrap(http.POST("/api/v1/sign-in", { body: proof })),
  signOut: () => unwrap(http.POST("/api/v1/sign-out")),
};

/** People of a workspace. */
export const users = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["users", workspace],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/users", { ...path(workspace), signal })),
    }),
  create: (workspace: string, body: { name: string; role: Role }) => unwrap(http.POST("/api/v1/workspaces/{workspace}/users", { ...path(workspace), body })),
  update: (workspace: string, name: string, role: Role) =>
    unwrap(http.PATCH("/api/v1/workspaces/{workspace}/users/{name}", { ...named(workspace, name), body: { role } })),
  remove: (workspace: string, name: string) => unwrap(http.DELETE("/api/v1/workspaces/{workspace}/users/{name}", named(workspace, name))),
  link: (workspace: string, name: string): Promise<SignInLink> =>
    unwrap(http.POST("/api/v1/workspaces/{workspace}/users/{name}/sign-in-link", named(workspace, name))),
};

/** API keys of a workspace. */
export const keys = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["keys", workspace],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/keys", { ...path(workspace), signal })),
    }),
  create: (workspace: string, body: { name: string; role: Role; expires_in_days: number | null }): Promise<ApiKeyCreated> =>
    unwrap(http.POST("/api/v1/workspaces/{workspace}/keys", { ...path(workspace), body })),
  revoke: (workspace: string, name: string) => unwrap(http.DELETE("/api/v1/workspaces/{workspace}/keys/{name}", named(workspace, name))),
};

/** Which documents of indexes people, keys and endpoints see. */
export const accessTags = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["access-tags", workspace],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/access-tags", { ...path(workspace), signal })),
    }),
  set: (workspace: string, { kind, name }: Pick<AccessTags, "kind" | "name">, tags: string[]): Promise<AccessTags> => {
    const asked = { ...named(workspace, name), body: { tags } };
    if (kind === "user") return unwrap(http.PUT("/api/v1/workspaces/{workspace}/users/{name}/access-tags", asked));
    if (kind === "key") return unwrap(http.PUT("/api/v1/workspaces/{workspace}/keys/{name}/access-tags", asked));
    return unwrap(http.PUT("/api/v1/workspaces/{workspace}/endpoints/{name}/access-tags", asked));
  },
};

/** Who changed what. */
export const audit = {
  page: (workspace: string, cursor: string | null) =>
    unwrap(http.GET("/api/v1/workspaces/{workspace}/audit", { params: { path: { workspace }, query: cursor ? { cursor } : {} } })),
};
