import { useQuery } from "@tanstack/react-query";
import { callableModels } from "@/api/inference";
import { useRights } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { useModelNames } from "@/ui/models/useModels";
import type { FlowGraph } from "../model";

/** Who answers a new LLM node: the flow's last LLM node's model, else one of this machine, else one that a connection lists; nobody where there is none. */
export function useAnswerer(graph: FlowGraph): { readonly connection?: string; readonly model?: string } {
  const last = graph.nodes.findLast(({ kind, connection, model }) => kind === "llm" && connection && model);
  const { names } = useModelNames("local", null);
  const workspace = useWorkspace();
  const { invoke } = useRights(workspace);
  const callable = useQuery({ ...callableModels(workspace), enabled: invoke });
  if (last?.connection && last.model) return { connection: last.connection, model: last.model };
  const [local] = names;
  if (local !== undefined) return { connection: "local", model: local };
  const listed = callable.data?.find((id) => id.includes("/"));
  const [connection, ...model] = listed?.split("/") ?? [];
  return connection === undefined ? { connection: "local" } : { connection, model: model.join("/") };
}
