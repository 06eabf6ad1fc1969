import type { Flow } from "../model";

export const FLOW_KINDS: Readonly<Record<Flow["kind"], string>> = { dag: "Graph", flex: "Python", prompty: "Prompty" };

export const PURPOSES: Readonly<Record<Flow["purpose"], { readonly label: string }>> = {
  standard: { label: "Standard" },
  chat: { label: "Chat" },
  evaluation: { label: "Evaluation" },
};
