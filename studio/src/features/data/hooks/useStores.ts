import { useQuery } from "@tanstack/react-query";
import { datastores } from "@/api/datastores";
import { isDatabase } from "../logic/stores";

/** The datastores with tables, or those with files; `known`: the list is there. */
export function useStores(workspace: string, databases: boolean) {
  const list = useQuery(datastores.list(workspace));
  return { stores: (list.data?.items ?? []).filter((store) => isDatabase(store) === databases), known: list.isSuccess };
}
