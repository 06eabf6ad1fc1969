import type { Model } from "@/api/types";

/** What to ask a model first: its card's sample, or a greeting. */
export function sampleOf(model: Model): string {
  const sample = model.sample_input as { messages?: { role?: string; content?: unknown }[] } | null;
  const content = sample?.messages?.findLast((message) => message.role === "user")?.content;
  return typeof content === "string" ? content : "Hello! What can you do?";
}
