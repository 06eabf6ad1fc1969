import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { accessTags } from "@/api/identity";
import type { AccessTags } from "@/api/types";
import { useRights } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";

/** The tags of people, keys and endpoints, and how they are set: all that a table's cells need. */
export function useAccessTags() {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const { write } = useRights(workspace);
  const list = useQuery({ ...accessTags.list(workspace), enabled: write });
  const { queryKey } = accessTags.list(workspace);
  const { mutate, error } = useMutation({
    mutationFn: ({ holder, tags }: { holder: AccessTags; tags: string[] }) => accessTags.set(workspace, holder, tags),
    // What was typed shows at once; the server's answer takes its place, or what was there before.
    onMutate: ({ holder, tags }) => {
      client.setQueryData(queryKey, (old) => old && { ...old, items: [...old.items.filter((one) => one.kind !== holder.kind || one.name !== holder.name), { ...holder, tags }] });
    },
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  const items = list.data?.items;
  return useMemo(() => {
    const known = [...new Set((items ?? []).flatMap(({ tags }) => tags))].sort();
    const of = (kind: AccessTags["kind"], name: string) => items?.find((one) => one.kind === kind && one.name === name);
    return { shown: write, items, of, known, error: list.error ?? error, set: (holder: AccessTags, tags: string[]) => mutate({ holder, tags }) };
  }, [items, list.error, error, mutate, write]);
}

/** The tags as the tables take them. */
export type AccessTagsOf = ReturnType<typeof useAccessTags>;
