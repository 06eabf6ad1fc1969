import { ActionIcon, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { Document } from "yaml";
import { GuardedButton } from "@/ui/GuardedButton";
import { coerceField, editText } from "@/ui/inputs/fields";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { KeyValue } from "@/ui/KeyValue";
import { useFlow } from "../../hooks/useFlowDocument";
import { addEnd, type ChatMarker, type End, endNameProblem, inputUses, removeEnd, renameEnd, setEnd, setMarker } from "../../logic/edits/ends";
import { putAt } from "../../logic/edits/paths";
import { renameSample } from "../../logic/edits/prompty";
import { inOrder } from "../../logic/order";
import { fieldOf } from "../../logic/inputs";
import type { FlowGraph, FlowInput, FlowOutput } from "../../model";
import classes from "./editors.module.css";
import { ReferenceField } from "./ReferenceField";
import { Saved, tried } from "./Saved";

const TYPES: readonly string[] = ["string", "int", "double", "bool", "list", "object", "image", "file_path", "prompt_template", "secret", "assistant_definition"];
const WHAT: Readonly<Record<End, string>> = { inputs: "input", outputs: "output" };

function TypeField({ end, name, type }: { readonly end: End; readonly name: string; readonly type: string }) {
  const { edit } = useFlow();
  return (
    <NativeSelect
      size="xs"
      label="Type"
      aria-label={`Type of ${name}`}
      data={[...(TYPES.includes(type) ? [] : [type]), ...TYPES]}
      value={type}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        edit(`Set the type of ${name}`, (doc) => {
          setEnd(doc, end, name, "type", chosen);
        });
      }}
    />
  );
}

interface MarkerFieldProps {
  readonly end: End;
  readonly name: string;
  readonly marker: ChatMarker;
}

function MarkerField({ end, name, marker }: MarkerFieldProps) {
  const { edit } = useFlow();
  const choices = end === "inputs" ? [["input", "The message"], ["history", "The history"]] : [["input", "The answer"]];
  return (
    <NativeSelect
      size="xs"
      label="In a chat"
      aria-label={`What ${name} is in a chat`}
      data={[{ value: "", label: "Nothing special" }, ...choices.map(([value = "", label = ""]) => ({ value, label }))]}
      value={marker ?? ""}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        edit(`Set what ${name} is in a chat`, (doc) => {
          setMarker(doc, end, name, chosen === "" ? null : (chosen as ChatMarker));
        });
      }}
    />
  );
}

function NameField({ end, name, taken }: { readonly end: End; readonly name: string; readonly taken: readonly string[] }) {
  const { edit } = useFlow();
  return (
    <Saved
      label="Name"
      aria-label={`Name of ${name}`}
      data={[]}
      saved={name}
      onSave={(text) => {
        const fresh = text.trim();
        if (fresh === name) return null;
        return (
          endNameProblem(fresh, taken) ??
          tried(() => {
            edit(`Rename ${WHAT[end]} ${name} to ${fresh}`, (doc) => {
              renameEnd(doc, end, name, fresh);
              if (end === "inputs") renameSample(doc, name, fresh);
            });
          })
        );
      }}
    />
  );
}

function DefaultField({ input }: { readonly input: FlowInput }) {
  const { edit } = useFlow();
  const saved = input.default === null || input.default === undefined ? "" : editText(input.default);
  return (
    <Saved
      label="Default"
      aria-label={`Default of ${input.name}`}
      data={[]}
      saved={saved}
      placeholder="None"
      onSave={(text) => {
        const field = { ...fieldOf(input), options: [] };
        const read = text === "" ? ({ kind: "omitted" } as const) : coerceField(field, text);
        if (read.kind === "error") return read.message;
        return tried(() => {
          edit(`Set the default of ${input.name}`, (doc) => {
            setEnd(doc, "inputs", input.name, "default", read.kind === "value" ? read.value : undefined);
          });
        });
      }}
    />
  );
}

/** The value of an input in a prompty's own sample. */
function SampleField({ input, sample }: { readonly input: FlowInput; readonly sample: Readonly<Record<string, unknown>> }) {
  const { edit } = useFlow();
  return (
    <Saved
      label="Sample"
      aria-label={`Sample of ${input.name}`}
      data={[]}
      saved={editText(sample[input.name])}
      placeholder="None"
      onSave={(text) => {
        const read = text === "" ? ({ kind: "omitted" } as const) : coerceField({ ...fieldOf(input), options: [] }, text);
        if (read.kind === "error") return read.message;
        return tried(() => {
          edit(`Set the sample of ${input.name}`, (doc) => {
            putAt(doc, ["sample", input.name], read.kind === "value" ? read.value : undefined);
          });
        });
      }}
    />
  );
}

function OutputField({ output }: { readonly output: FlowOutput }) {
  const { edit } = useFlow();
  return (
    <ReferenceField
      label="Value"
      node={null}
      saved={output.reference}
      placeholder="$ for a reference"
      onSave={(text) =>
        tried(() => {
          edit(`Set output ${output.name}`, (doc) => {
            setEnd(doc, "outputs", output.name, "reference", text);
          });
        })
      }
    />
  );
}

function Remove({ end, name }: { readonly end: End; readonly name: string }) {
  const { edit, yaml } = useFlow();
  const [asking, ask] = useState(false);
  const uses = asking && yaml && end === "inputs" ? inputUses(yaml, name) : [];
  return (
    <>
      <ActionIcon variant="subtle" color="gray" size={30} mt={22} aria-label={`Delete ${WHAT[end]} ${name}`} onClick={() => { ask(true); }}>
        <IconTrash size={14} />
      </ActionIcon>
      <ConfirmDelete
        opened={asking}
        onClose={() => { ask(false); }}
        what={`${WHAT[end]} ${name}`}
        consequence={uses.length === 0 ? "Nothing in the flow refers to it. Undo brings it back." : `What refers to it goes with it: ${uses.join(", ")}. Undo brings all of it back.`}
        onConfirm={() => {
          edit(`Delete ${WHAT[end]} ${name}`, (doc) => {
            removeEnd(doc, end, name);
          });
          return Promise.resolve();
        }}
      />
    </>
  );
}

function Row({ end, name, children }: { readonly end: End; readonly name: string; readonly children: ReactNode }) {
  return (
    <Group gap={4} align="flex-start" wrap="nowrap" role="group" aria-label={`${WHAT[end]} ${name}`}>
      <div className={classes.end}>{children}</div>
      <Remove end={end} name={name} />
    </Group>
  );
}

interface AddProps {
  readonly end: End;
  readonly taken: readonly string[];
  /** What a new one has besides its name. */
  readonly begin: Readonly<Record<string, string>>;
}

function Add({ end, taken, begin }: AddProps) {
  const { edit } = useFlow();
  const [name, setName] = useState("");
  const problem = name.trim() === "" ? null : endNameProblem(name.trim(), taken);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() === "" || problem !== null) return;
        edit(`Add ${WHAT[end]} ${name.trim()}`, (doc) => {
          addEnd(doc, end, name.trim(), begin);
        });
        setName("");
      }}
    >
      <Group gap={4} align="flex-start" wrap="nowrap">
        <TextInput flex={1} size="xs" label={`New ${WHAT[end]}`} value={name} error={problem} onChange={(event) => { setName(event.currentTarget.value); }} />
        <GuardedButton type="submit" size="xs" mt={24} variant="default" leftSection={<IconPlus size={14} />} off={name.trim() === "" ? "Give it a name first." : problem}>
          {`Add ${WHAT[end]}`}
        </GuardedButton>
      </Group>
    </form>
  );
}

function markerOf(input: FlowInput): ChatMarker {
  if (input.is_chat_input) return "input";
  return input.is_chat_history ? "history" : null;
}

function sampleOf(yaml: Document): Readonly<Record<string, unknown>> | null {
  const sample: unknown = yaml.toJS() === null ? null : (yaml.toJS() as Record<string, unknown>).sample;
  return sample === undefined || sample === null ? {} : typeof sample === "object" ? (sample as Record<string, unknown>) : null;
}

/** What comes into the flow or goes out of it, to be edited by who may: names with all that refers to them, types, defaults, samples or values, chat markers. */
export function FlowEnds({ end, graph }: { readonly end: End; readonly graph: FlowGraph }) {
  const { yaml, main, readOnly } = useFlow();
  const items: readonly (FlowInput | FlowOutput)[] = end === "inputs" ? graph.inputs : graph.outputs;
  const names = items.map(({ name }) => name);
  const last = inOrder(graph).at(-1);
  const isDag = main?.startsWith("flow.dag.") === true;
  if (readOnly !== null || yaml === null || !(isDag || main?.endsWith(".prompty")))
    return items.length > 0 ? (
      <KeyValue entries={items.map(({ name, type }) => [name, type])} />
    ) : (
      <Text size="sm" c="dimmed">
        None.
      </Text>
    );
  const sample = isDag ? null : sampleOf(yaml);
  return (
    <Stack gap="sm">
      {end === "inputs" &&
        graph.inputs.map((input) => (
          <Row key={input.name} end={end} name={input.name}>
            <NameField end={end} name={input.name} taken={names} />
            <TypeField end={end} name={input.name} type={input.type} />
            <DefaultField input={input} />
            {sample !== null && <SampleField input={input} sample={sample} />}
            <MarkerField end={end} name={input.name} marker={markerOf(input)} />
          </Row>
        ))}
      {end === "outputs" &&
        graph.outputs.map((output) => (
          <Row key={output.name} end={end} name={output.name}>
            <NameField end={end} name={output.name} taken={names} />
            <TypeField end={end} name={output.name} type={output.type} />
            {isDag && <OutputField output={output} />}
            <MarkerField end={end} name={output.name} marker={output.is_chat_output ? "input" : null} />
          </Row>
        ))}
      <Add end={end} taken={names} begin={{ type: "string", ...(end === "outputs" && isDag ? { reference: last ? `\${${last.name}.output}` : "" } : {}) }} />
    </Stack>
  );
}
