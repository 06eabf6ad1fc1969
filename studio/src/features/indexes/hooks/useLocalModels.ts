import { useQuery } from "@tanstack/react-query";
import { models } from "@/api/models";
import { useWorkspace } from "@/lib/workspace";

/** The embedding models of this machine. */
export function useLocalModels() {
  const workspace = useWorkspace();
  const list = useQuery(models.list(workspace, { task: ["embeddings"], access: ["local"] }));
  return { list, items: list.data?.items ?? [] };
}
