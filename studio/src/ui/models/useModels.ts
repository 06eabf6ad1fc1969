import { useMutation, useQuery } from "@tanstack/react-query";
import { connections } from "@/api/connections";
import { callableModels } from "@/api/inference";
import { models } from "@/api/models";
import type { Model } from "@/api/types";
import { useRights } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";

/** The types of connections that models answer through. */
const WITH_MODELS: readonly string[] = ["local", "azure_open_ai", "open_ai", "serverless", "scripted"];

/** The connections of the workspace that have models; undefined until they are known. */
export function useModelConnections() {
  const query = useQuery(connections.list(useWorkspace()));
  return { items: query.data?.items.filter(({ type }) => WITH_MODELS.includes(type)), error: query.error };
}

function isWriter({ task }: Model): boolean {
  return task === "chat-completion" || task === "completion";
}

/** The models that are offered for a connection: ready ones of this machine, those of the catalog, and those that the connection listed. */
export function useModelNames(connection: string, model: string | null) {
  const workspace = useWorkspace();
  const { invoke, write } = useRights(workspace);
  const catalog = useQuery(models.list(workspace));
  const callable = useQuery({ ...callableModels(workspace), enabled: invoke });
  const asked = useMutation({ mutationFn: () => connections.test(workspace, connection) });
  const cards = catalog.data?.items ?? [];
  const others = new Set(cards.filter((card) => !isWriter(card)).map(({ name }) => name));
  const names =
    connection === "local"
      ? (callable.data ?? cards.filter(({ state }) => state === "ready").map(({ name }) => name)).filter((id) => !id.includes("/") && !others.has(id))
      : [
          ...(callable.data ?? []).filter((id) => id.startsWith(`${connection}/`)).map((id) => id.slice(connection.length + 1)),
          ...cards.flatMap((card) => (isWriter(card) && card.connection?.connections?.includes(connection) ? [card.connection.model] : [])),
          ...(asked.data?.models ?? []),
        ];
  return {
    names: [...new Set(names)],
    known: callable.data !== undefined || catalog.data !== undefined,
    card: cards.find((card) => (connection === "local" ? card.name === model : card.connection?.model === model)),
    canAsk: write && connection !== "local",
    asked,
  };
}
