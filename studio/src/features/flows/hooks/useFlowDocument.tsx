import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { flows } from "@/api/flows";
import { ApiError } from "@/api/problem";
import { useEventStream } from "@/api/stream";
import type { FlowFile } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import type { FlowDocument } from "../logic/document/model";
import { browserDrafts, type FlowFiles, type Listing } from "../logic/document/ports";
import { FlowStore } from "../logic/document/store";

export type { FlowDocument } from "../logic/document/model";

/** The files of a flow over the API. */
function apiFiles(workspace: string, flow: string): FlowFiles {
  return {
    list: async () => listingOf((await flows.listFiles(workspace, flow)).items),
    read: async (path) => {
      try {
        const { content, etag } = await flows.readFile(workspace, flow, path);
        return { text: content ?? null, etag };
      } catch (error) {
        if (error instanceof ApiError && error.problem.code === "FlowFileNotFound") return null;
        throw error;
      }
    },
    write: async (path, text, etag) => (await flows.writeFile(workspace, flow, path, text, etag)).etag,
    remove: async (path, etag) => {
      await flows.removeFile(workspace, flow, path, etag);
    },
  };
}

function listingOf(files: readonly FlowFile[]): Listing {
  return new Map(files.map(({ path, etag, bytes }) => [path, { etag, bytes }]));
}

/** A flow as a live document: text and YAML of its files, edits with undo, saved by itself, in step with the disk and with others. */
export function useFlowDocument(workspace: string, flow: string): FlowDocument {
  const client = useQueryClient();
  const why = whyReadOnly(useRights(workspace));
  const last = useRef("");
  const store = useMemo(() => new FlowStore({ files: apiFiles(workspace, flow), drafts: browserDrafts(workspace, flow) }), [workspace, flow]);
  useEffect(() => {
    void store.open();
    return () => {
      void store.save().finally(() => {
        store.close();
      });
    };
  }, [store]);
  useEventStream(flows.eventsPath(workspace, flow), ({ data }) => {
    const { files } = JSON.parse(data) as { readonly files: readonly FlowFile[] };
    void store.refresh(listingOf(files));
    if (last.current !== "" && last.current !== data) {
      void client.invalidateQueries({ queryKey: flows.get(workspace, flow).queryKey });
      void client.invalidateQueries({ queryKey: flows.list(workspace).queryKey, exact: true });
    }
    last.current = data;
    return true;
  });
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
