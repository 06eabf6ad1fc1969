import { fieldKind, type Draft, type Field } from "@/ui/inputs/fields";
import type { FlowInput } from "../model";

/** The form field of a flow's input. */
export function fieldOf(input: FlowInput): Field {
  return {
    name: input.name,
    kind: fieldKind(input.type),
    typeLabel: input.type,
    description: input.description ?? null,
    required: !(input.has_default ?? false) && !(input.is_chat_history ?? false),
    hasDefault: input.has_default ?? false,
    defaultValue: input.default,
    options: input.enum ?? [],
  };
}

/** What may be kept in the browser of a draft: everything but secrets, and images, which are too large. */
export function keepable(fields: readonly Field[], draft: Draft): Draft {
  return Object.fromEntries(
    fields
      .filter((field) => field.kind !== "secret" && !(draft[field.name] ?? "").startsWith("data:image/"))
      .flatMap((field) => (draft[field.name] === undefined ? [] : [[field.name, draft[field.name] ?? ""]])),
  );
}
