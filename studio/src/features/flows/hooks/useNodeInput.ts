import { useMutation, useQueryClient } from "@tanstack/react-query";
import { flows } from "@/api/flows";
import { FLOW_FILE } from "../logic/files";

interface Change {
  readonly input: string;
  readonly value: unknown;
}

/** Writes an input of a node into the flow's file, over the version that is on disk now; the graph follows. */
export function useNodeInput(workspace: string, flow: string, node: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ input, value }: Change) => {
      const { withNodeInput } = await import("../logic/nodeYaml");
      const file = await client.query({ ...flows.file(workspace, flow, FLOW_FILE), staleTime: 0 });
      return flows.writeFile(workspace, flow, FLOW_FILE, withNodeInput(file.content ?? "", node, input, value), file.etag);
    },
    onSuccess: (saved) => {
      client.setQueryData(flows.file(workspace, flow, FLOW_FILE).queryKey, saved);
      return Promise.all([
        client.invalidateQueries({ queryKey: flows.graph(workspace, flow).queryKey }),
        client.invalidateQueries({ queryKey: flows.get(workspace, flow).queryKey, exact: true }),
      ]);
    },
  });
}
