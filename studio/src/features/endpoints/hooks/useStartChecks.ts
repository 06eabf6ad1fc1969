import { useQuery } from "@tanstack/react-query";
import { connections } from "@/api/connections";
import { flows } from "@/api/flows";
import { models } from "@/api/models";
import { useWorkspace } from "@/lib/workspace";
import { flowChecks, modelChecks, type StartCheck } from "../logic/startChecks";
import type { DeployDraft } from "./useDeployDraft";

/** Whether what was chosen will start, as far as that is known before it is tried. */
export function useStartChecks(draft: DeployDraft): { readonly checks: readonly StartCheck[]; readonly pending: boolean; readonly error: unknown } {
  const workspace = useWorkspace();
  const { source } = draft.what;
  const flow = source?.kind === "flow" ? source.name : "";
  const graph = useQuery({ ...flows.graph(workspace, flow), enabled: flow !== "" });
  const known = useQuery({ ...connections.list(workspace), enabled: flow !== "" });
  const catalog = useQuery(models.list(workspace));
  const error = graph.error ?? known.error ?? catalog.error;
  if (source === null || source.kind === "script") return { checks: [], pending: false, error: null };
  if (catalog.data && source.kind === "model") return { checks: modelChecks([source.name], catalog.data.items), pending: false, error };
  if (catalog.data && graph.data && known.data) {
    return { checks: flowChecks(graph.data, known.data.items.map((each) => each.name), catalog.data.items), pending: false, error };
  }
  return { checks: [], pending: error === null, error };
}
