import { IconArrowsSort, IconMessage, IconTextCaption, IconVector, type TablerIcon } from "@tabler/icons-react";
import type { Model, ModelTask } from "@/api/types";

/** What models do, in words. */
export const TASKS: Record<ModelTask, { label: string; icon: TablerIcon }> = {
  "chat-completion": { label: "Chat", icon: IconMessage },
  completion: { label: "Completion", icon: IconTextCaption },
  embeddings: { label: "Embeddings", icon: IconVector },
  rerank: { label: "Rerank", icon: IconArrowsSort },
};

export const STATES: Record<Model["state"], string> = {
  not_pulled: "Not pulled",
  pulling: "Pulling",
  ready: "Ready",
  damaged: "Damaged",
  remote: "Hosted",
};

/** Whether a model answers: its files are here, or a connection leads to it. */
export function isUsable(model: Pick<Model, "state" | "call">): boolean {
  return model.state === "ready" || (model.state === "remote" && (model.call ?? null) !== null);
}

/** A number in words, or that it is not known. */
export function known(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? "unknown" : format(value);
}
