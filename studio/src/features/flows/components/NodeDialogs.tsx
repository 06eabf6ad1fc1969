import { Autocomplete, Button, Group, Modal, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { flows } from "@/api/flows";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { useFlow } from "../hooks/useFlowDocument";
import { useAnswerer } from "../hooks/useNodeModels";
import { addNode, addTool, deleteNode, firstSource, freeNodeName, type NewKind, nodeNameProblem, renameNode, setInput, setOutput, sourceOf } from "../logic/edits/nodes";
import { usesOf } from "../logic/edits/references";
import { INPUTS_NODE, OUTPUTS_NODE } from "../logic/layout";
import type { FlowGraph } from "../model";

interface FormProps {
  readonly title: string;
  readonly button: string;
  readonly off: string | null;
  readonly onClose: () => void;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

/** A small form in a dialog: an edit that is refused says why, and the dialog stays. */
function EditDialog({ title, button, off, onClose, onSubmit, children }: FormProps) {
  const [error, setError] = useState<unknown>(null);
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{title}</Text>} size={440}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (off !== null) return;
          try {
            onSubmit();
            onClose();
          } catch (problem) {
            setError(problem);
          }
        }}
      >
        <Stack gap="md">
          {children}
          {error !== null && <ErrorPanel error={error} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <GuardedButton type="submit" off={off}>
              {button}
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface AddNodeDialogProps {
  readonly flow: string;
  readonly graph: FlowGraph;
  readonly onClose: () => void;
  readonly onAdded: (name: string) => void;
}

/** The tools of packages that nodes can be made of; those that also take a prompt are written under Files. Asked for once somebody looks. */
function useTools(flow: string, isAsked: boolean) {
  const query = useQuery({ ...flows.tools(useWorkspace(), flow), enabled: isAsked });
  return { query, tools: (query.data?.items ?? []).filter(({ inputs }) => !inputs?.some(({ types }) => types?.includes("prompt_template"))) };
}

interface ToolChoiceProps {
  readonly found: ReturnType<typeof useTools>;
  readonly chosen: string | null;
  readonly onChoose: (id: string | null) => void;
}

function ToolChoice({ found: { query, tools }, chosen, onChoose }: ToolChoiceProps) {
  return (
    <>
      <Select
        label="Tool"
        description={tools.find(({ id }) => id === chosen)?.description ?? "Of the packages that the flow's environment has."}
        placeholder={query.isFetching ? "Asking the packages" : "Choose one"}
        data={tools.map(({ id, name, package: from }) => ({ value: id, label: `${name} (${from})` }))}
        value={chosen}
        onChange={onChoose}
        searchable
        nothingFoundMessage="No package has such a tool"
      />
      {query.error && <ErrorPanel error={query.error} />}
    </>
  );
}

/** A name for a node that is a tool: what follows the last point of its id. */
function nameOfTool(tool: string | null): string {
  return (tool?.split(".").at(-1) ?? "tool").replaceAll(/\W/g, "_");
}

/** Asks for a kind and a name, and adds the node, with its source file where it has one. */
export function AddNodeDialog({ flow, graph, onClose, onAdded }: AddNodeDialogProps) {
  const { edit, editFiles, paths } = useFlow();
  const taken = graph.nodes.map((node) => node.name);
  const [kind, setKind] = useState<NewKind | "tool">("llm");
  const [tool, setTool] = useState<string | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? freeNodeName(kind === "tool" ? nameOfTool(tool) : kind, taken);
  const problem = nodeNameProblem(name, taken);
  const answerer = useAnswerer(graph);
  const found = useTools(flow, kind === "tool");
  const source = kind === "tool" ? null : sourceOf(kind, name, paths);
  const add = () => {
    if (kind === "tool" && tool !== null)
      edit(`Add ${name}`, (doc) => {
        addTool(doc, name, tool);
      });
    else if (kind !== "tool" && source !== null)
      editFiles(`Add ${name}`, { [source.path]: source.text }, (doc) => {
        addNode(doc, kind, name, source.path, { value: firstSource(graph), ...answerer });
      });
    onAdded(name);
  };
  return (
    <EditDialog title="Add a node" button="Add node" off={kind === "tool" && tool === null ? "Choose a tool." : problem} onClose={onClose} onSubmit={add}>
      <SegmentedControl
        aria-label="Kind"
        value={kind}
        onChange={setKind}
        data={[
          { value: "llm", label: "LLM" },
          { value: "prompt", label: "Prompt" },
          { value: "python", label: "Python" },
          { value: "tool", label: "Tool" },
        ]}
      />
      {kind === "tool" && <ToolChoice found={found} chosen={tool} onChoose={setTool} />}
      <TextInput
        label="Name"
        description={source === null ? undefined : `Its ${kind === "python" ? "code" : "prompt"} is in ${source.path}.`}
        value={name}
        error={typed === null ? null : problem}
        data-autofocus
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
    </EditDialog>
  );
}

interface RenameNodeDialogProps {
  readonly graph: FlowGraph;
  readonly node: string;
  readonly onClose: () => void;
  readonly onRenamed: (name: string) => void;
}

/** Asks for another name of a node, and changes what refers to it with it. */
export function RenameNodeDialog({ graph, node, onClose, onRenamed }: RenameNodeDialogProps) {
  const { edit } = useFlow();
  const [name, setName] = useState(node);
  const taken = graph.nodes.map((each) => each.name).filter((each) => each !== node);
  const problem = nodeNameProblem(name, taken);
  return (
    <EditDialog
      title={`Rename ${node}`}
      button="Rename"
      off={problem}
      onClose={onClose}
      onSubmit={() => {
        edit(`Rename ${node} to ${name}`, (doc) => {
          renameNode(doc, node, name);
        });
        onRenamed(name);
      }}
    >
      <TextInput
        label="Name"
        description="References to the node are changed with it; its file keeps its name."
        value={name}
        error={problem}
        data-autofocus
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
    </EditDialog>
  );
}

interface DeleteNodesDialogProps {
  readonly nodes: readonly string[];
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Asks before nodes go, and says which references go with them. All of it is one edit. */
export function DeleteNodesDialog({ nodes, onClose, onDeleted }: DeleteNodesDialogProps) {
  const { edit, yaml } = useFlow();
  const what = nodes.length === 1 ? `node ${nodes[0] ?? ""}` : `${formatNumber(nodes.length)} nodes`;
  const [them, files] = nodes.length === 1 ? ["it", "Its file stays"] : ["them", "Their files stay"];
  const uses = yaml ? usesOf(yaml, nodes) : [];
  return (
    <ConfirmDelete
      opened
      onClose={onClose}
      what={what}
      consequence={uses.length === 0 ? `Nothing else refers to ${them}. ${files}, and undo brings ${them} back.` : `What refers to ${them} goes too: ${uses.join(", ")}. ${files}, and undo brings all of it back.`}
      onConfirm={async () => {
        edit(`Delete ${what.replace(/^node /, "")}`, (doc) => {
          for (const node of nodes) deleteNode(doc, node);
        });
        onDeleted();
        return Promise.resolve();
      }}
    />
  );
}

interface ConnectDialogProps {
  readonly graph: FlowGraph;
  readonly source: string;
  readonly target: string;
  readonly onClose: () => void;
}

function fieldsOf(graph: FlowGraph, target: string): readonly string[] {
  if (target === OUTPUTS_NODE) return graph.outputs.map((output) => output.name);
  return Object.keys(graph.nodes.find((node) => node.name === target)?.inputs ?? {});
}

/** Asks which input takes the value of the node that was connected to it. */
export function ConnectDialog({ graph, source, target, onClose }: ConnectDialogProps) {
  const { edit } = useFlow();
  const values = source === INPUTS_NODE ? graph.inputs.map((input) => `\${inputs.${input.name}}`) : [`\${${source}.output}`];
  const [value, setValue] = useState(values[0] ?? null);
  const [field, setField] = useState("");
  const isOutput = target === OUTPUTS_NODE;
  const off = value === null ? "The flow has no inputs yet: write one under Files." : field.trim() === "" ? "Say which input takes it." : null;
  return (
    <EditDialog
      title={`Connect ${source} to ${target}`}
      button="Connect"
      off={off}
      onClose={onClose}
      onSubmit={() => {
        edit(`Connect ${source} to ${target}`, (doc) => {
          if (isOutput) setOutput(doc, field.trim(), value ?? "");
          else setInput(doc, target, field.trim(), value);
        });
      }}
    >
      <Select label="Value" data={values} value={value} onChange={setValue} allowDeselect={false} />
      <Autocomplete
        label={isOutput ? "Output" : "Input"}
        description="One that is there, or a new one."
        data={[...fieldsOf(graph, target)]}
        value={field}
        onChange={setField}
        data-autofocus
      />
    </EditDialog>
  );
}
