import { http, unwrap } from "./client";
import type { NotebookLink } from "./types";

/** Requests of notebooks. */
export const notebooks = {
  /** Makes an address that opens a notebook once; `about` is `<kind>/<name>[/<version>]`. */
  open: (workspace: string, about: string): Promise<NotebookLink> =>
    unwrap(http.POST("/api/v1/workspaces/{workspace}/notebooks", { params: { path: { workspace } }, body: { of: about } })),
};
