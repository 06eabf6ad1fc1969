import { Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { connections } from "@/api/connections";
import { useWorkspace } from "@/lib/workspace";
import { InputsForm } from "@/ui/inputs/InputsForm";
import type { RunDraft } from "../hooks/useRunDraft";
import type { Draft } from "@/ui/inputs/fields";
import type { InitField } from "../logic/init";
import { ModelChoiceField } from "./ModelChoice";

/** What a flow's class is made with, as it is filled in. */
interface InitDraft {
  readonly fields: readonly InitField[];
  readonly draft: Draft;
  readonly errors: Readonly<Record<string, string>>;
  readonly set: (name: string, text: string) => void;
}

function ConnectionField({ field, draft }: { readonly field: InitField; readonly draft: InitDraft }) {
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

/** The settings of a flow's class; `note` stands below the models. */
export function InitFields({ init, note = null }: { readonly init: InitDraft; readonly note?: string | null }) {
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
      {note !== null && (
        <Text size="sm" role="note">
          {note}
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

/** What the flow's class is made with, for all rows: a judge's model, a threshold, … */
export function InitStep({ draft }: { readonly draft: RunDraft }) {
  return <InitFields init={draft.init} note={draft.calls === null ? null : `${draft.calls} What it costs depends on the model's price and the length of the rows.`} />;
}
