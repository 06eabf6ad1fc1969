import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useEffect, useMemo, useSyncExternalStore } from "react";
import { flows } from "@/api/flows";
import { ApiError } from "@/api/problem";
import { useRights, whyReadOnly } from "@/api/useRights";
import type { FlowDocument } from "../logic/document/model";
import { browserDrafts, type FlowFiles } from "../logic/document/ports";
import { FlowStore } from "../logic/document/store";

export type { FlowDocument } from "../logic/document/model";

/** The files of a flow over the API. */
function apiFiles(workspace: string, flow: string, written: () => void): FlowFiles {
  return {
    list: async () => new Map((await flows.listFiles(workspace, flow)).items.map(({ path, etag }) => [path, etag])),
    read: async (path) => {
      try {
        const { content, etag } = await flows.readFile(workspace, flow, path);
        return { text: content ?? null, etag };
      } catch (error) {
        if (error instanceof ApiError && error.problem.code === "FlowFileNotFound") return null;
        throw error;
      }
    },
    write: async (path, text, etag) => {
      const saved = await flows.writeFile(workspace, flow, path, text, etag);
      written();
      return saved.etag;
    },
    remove: async (path, etag) => {
      await flows.removeFile(workspace, flow, path, etag);
      written();
    },
  };
}

/** How often the flow on disk is looked at. */
const DISK_POLL_MS = 3000;

/** A flow as a live document: text and YAML of its files, edits with undo, saved by itself, in step with the disk and with others. */
export function useFlowDocument(workspace: string, flow: string): FlowDocument {
  const client = useQueryClient();
  const why = whyReadOnly(useRights(workspace));
  const store = useMemo(() => {
    const written = (): void => {
      void client.invalidateQueries({ queryKey: flows.get(workspace, flow).queryKey });
      void client.invalidateQueries({ queryKey: flows.list(workspace).queryKey, exact: true });
    };
    return new FlowStore({ files: apiFiles(workspace, flow, written), drafts: browserDrafts(workspace, flow) });
  }, [client, workspace, flow]);
  useEffect(() => {
    void store.open();
    const timer = setInterval(() => void store.refresh(), DISK_POLL_MS);
    return () => {
      clearInterval(timer);
      void store.save().finally(() => {
        store.close();
      });
    };
  }, [store]);
  useEffect(() => {
    store.setReadOnly(why);
  }, [store, why]);
  return useSyncExternalStore(store.subscribe, store.snapshot);
}

const Current = createContext<FlowDocument | null>(null);

/** Gives the views below the flow's document. */
export function FlowProvider({ document, children }: { readonly document: FlowDocument; readonly children: ReactNode }) {
  return <Current value={document}>{children}</Current>;
}

/** The document of the flow whose page this is. */
export function useFlow(): FlowDocument {
  const found = use(Current);
  if (found === null) throw new Error("useFlow is for views inside a FlowProvider.");
  return found;
}
