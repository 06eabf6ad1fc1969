import { Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { connections } from "@/api/connections";
import { useWorkspace } from "@/lib/workspace";
import { InputsForm } from "@/ui/inputs/InputsForm";
import type { RunDraft } from "../hooks/useRunDraft";
import type { InitField } from "../logic/init";
import { ModelChoiceField } from "./ModelChoice";

function ConnectionField({ field, draft }: { readonly field: InitField; readonly draft: RunDraft["init"] }) {
  const list = useQuery(connections.list(useWorkspace()));
  const text = draft.draft[field.name] ?? "";
  return (
    <Select
      label={`${field.name}: ${field.typeLabel}`}
      placeholder="Choose a connection"
      searchable
      clearable={!field.required}
      withAsterisk={field.required}
      data={(list.data?.items ?? []).map(({ name }) => name)}
      value={text === "" ? null : text}
      error={draft.errors[field.name]}
      onChange={(chosen) => {
        draft.set(field.name, chosen ?? "");
      }}
    />
  );
}

/** What the flow's class is made with, for all rows: a judge's model, a threshold, … */
export function InitStep({ draft }: { readonly draft: RunDraft }) {
  const { init } = draft;
  const plain = init.fields.filter(({ what }) => what === "value");
  return (
    <Stack gap="md">
      {init.fields
        .filter(({ what }) => what === "model")
        .map((field) => (
          <ModelChoiceField
            key={field.name}
            field={field}
            text={init.draft[field.name] ?? ""}
            error={init.errors[field.name]}
            onChange={(text) => {
              init.set(field.name, text);
            }}
          />
        ))}
      {draft.calls !== null && (
        <Text size="sm" role="note">
          {draft.calls} What it costs depends on the model's price and the length of the rows.
        </Text>
      )}
      {init.fields
        .filter(({ what }) => what === "connection")
        .map((field) => (
          <ConnectionField key={field.name} field={field} draft={init} />
        ))}
      {plain.length > 0 && <InputsForm fields={plain} draft={init.draft} errors={init.errors} onChange={init.set} />}
    </Stack>
  );
}
