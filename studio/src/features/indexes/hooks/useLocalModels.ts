import { useQuery } from "@tanstack/react-query";
import { models } from "@/api/models";
import { useWorkspace } from "@/lib/workspace";

/** The models of this machine for a task: embedding if none is named. */
export function useLocalModels(task = "embeddings") {
  const workspace = useWorkspace();
  const list = useQuery(models.list(workspace, { task: [task], access: ["local"] }));
  return { list, items: list.data?.items ?? [] };
}
