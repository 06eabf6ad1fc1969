import { NativeSelect, Stack, Switch, Text } from "@mantine/core";
import type { Document } from "yaml";
import { FlowProvider, useFlow } from "../../hooks/useFlowDocument";
import { useSource } from "../../hooks/useSource";
import { sampleFile } from "../../logic/sample";
import { declaredEnds } from "../../logic/document/graph";
import { splitPrompty, withBody } from "../../logic/document/mainFile";
import { addEnd, removeEnd, renameEnd } from "../../logic/edits/ends";
import { putAt } from "../../logic/edits/paths";
import { DESCRIBED, describedProblem, describeModel, type ModelPlace, nameModel, promptySettings, type PromptySettings, renameSample, setConnection, setDescribed } from "../../logic/edits/prompty";
import { inputChanges } from "../../logic/edits/variables";
import type { FlowGraph } from "../../model";
import { CodeField } from "../editors/CodeField";
import { EditorCard } from "../editors/EditorCard";
import classes from "../editors/editors.module.css";
import { FlowEnds } from "../editors/FlowEnds";
import { InputOffers } from "../editors/InputOffers";
import { ModelFields, type ModelOwner } from "../editors/ModelFields";
import { Previewing } from "../editors/PromptPreview";
import { Saved, tried } from "../editors/Saved";
import { FileLink } from "../FileLink";
import { About } from "./About";

type Edit = (what: string, change: (doc: Document) => void) => void;

const PLACES: readonly { readonly value: ModelPlace; readonly label: string }[] = [
  { value: "connection", label: "A connection of the workspace" },
  { value: "azure_openai", label: "Azure OpenAI, described here" },
  { value: "openai", label: "OpenAI, described here" },
  { value: "serverless", label: "A serverless endpoint, described here" },
];

/** The values of a model that the prompty describes itself. */
function Described({ settings, place, edit }: { readonly settings: PromptySettings; readonly place: Exclude<ModelPlace, "connection">; readonly edit: Edit }) {
  return (
    <div className={classes.grid}>
      <Saved
        label={place === "azure_openai" ? "Deployment" : "Model"}
        data={[]}
        saved={settings.model}
        onSave={(text) => {
          if (text.trim() === "") return "A model has a name.";
          return tried(() => {
            edit("Set the model", (doc) => {
              nameModel(doc, text.trim(), place === "azure_openai");
            });
          });
        }}
      />
      {DESCRIBED[place].map(([key, label, placeholder]) => (
        <Saved
          key={key}
          label={label}
          data={[]}
          saved={typeof settings.configuration[key] === "string" ? settings.configuration[key] : ""}
          placeholder={placeholder}
          onSave={(text) =>
            describedProblem(key, text.trim()) ??
            tried(() => {
              edit(`Set ${key}`, (doc) => {
                setDescribed(doc, key, text.trim());
              });
            })
          }
        />
      ))}
    </div>
  );
}

function Model({ settings, edit }: { readonly settings: PromptySettings; readonly edit: Edit }) {
  const { place } = settings;
  const owner: ModelOwner = {
    ...settings,
    setConnection: (name) => {
      edit("Set the connection", (doc) => {
        setConnection(doc, name);
      });
    },
    setModel: (model, type) => {
      edit("Set the model", (doc) => {
        nameModel(doc, model, type === "azure_open_ai");
      });
    },
    setApi: (api) => {
      edit("Set the API", (doc) => {
        putAt(doc, ["model", "api"], api);
      });
    },
    setParameter: (name, value) => {
      edit(`${value === undefined ? "Unset" : "Set"} ${name}`, (doc) => {
        putAt(doc, ["model", "parameters", name], value);
      });
    },
  };
  return (
    <EditorCard title="Model">
      <NativeSelect
        size="xs"
        maw={320}
        label="Reached by"
        data={[...PLACES]}
        value={place}
        onChange={(event) => {
          const chosen = event.currentTarget.value as ModelPlace;
          edit("Set what the model is reached by", (doc) => {
            if (chosen === "connection") setConnection(doc, "local");
            else describeModel(doc, chosen);
          });
        }}
      />
      <ModelFields owner={owner} isBehind={place === "connection"}>
        {place === "connection" ? null : <Described settings={settings} place={place} edit={edit} />}
      </ModelFields>
      <Switch
        size="xs"
        label="The output is the whole response"
        description="Else it is the text of the first choice, or what the outputs name of its JSON."
        checked={settings.isWhole}
        onChange={(event) => {
          const whole = event.currentTarget.checked;
          edit("Set what the output is", (doc) => {
            putAt(doc, ["model", "response"], whole ? "all" : undefined);
          });
        }}
      />
    </EditorCard>
  );
}

interface PromptProps {
  readonly flow: string;
  readonly graph: FlowGraph;
  readonly path: string;
  readonly text: string;
  readonly edit: Edit;
}

/** The prompt below the front matter, the inputs that it takes, and how it looks with their values. */
function Prompt({ flow, graph, path, text, edit }: PromptProps) {
  const { setText } = useFlow();
  const body = splitPrompty(text)?.body ?? "";
  const report = useSource(flow, `${path}.jinja2`, body);
  const [node] = graph.nodes;
  const variables = (report?.variables ?? []).map(({ name }) => name);
  const isRead = report !== undefined && (report.findings ?? []).length === 0;
  return (
    <EditorCard title="Prompt" aside={<FileLink flow={flow} path={path} />}>
      <Stack gap="xs">
        <CodeField
          flow={flow}
          path={path}
          report={report}
          part={{
            label: "Prompt",
            text: body,
            onChange: (next) => {
              setText(path, withBody(text, next));
            },
          }}
        />
        {isRead && (
          <InputOffers
            taker="the prompt"
            changes={inputChanges(variables, graph.inputs.map(({ name }) => name))}
            onAdd={(names) => {
              edit(names.length === 1 ? `Add input ${names.join()}` : "Add inputs", (doc) => {
                for (const name of names) addEnd(doc, "inputs", name, { type: "string" });
              });
            }}
            onRemove={(name) => {
              edit(`Delete input ${name}`, (doc) => {
                removeEnd(doc, "inputs", name);
                putAt(doc, ["sample", name], undefined);
              });
            }}
            onRename={(old, name) => {
              edit(`Rename input ${old} to ${name}`, (doc) => {
                renameEnd(doc, "inputs", old, name);
                renameSample(doc, old, name);
              });
            }}
          />
        )}
        {node && <Previewing flow={flow} node={node} path={path} variables={variables} />}
      </Stack>
    </EditorCard>
  );
}

function Inputs({ flow, graph, yaml }: { readonly flow: string; readonly graph: FlowGraph; readonly yaml: Document }) {
  const document = useFlow();
  const file = sampleFile(yaml.get("sample"));
  const declaring: Edit = (what, change) => {
    document.edit(what, (doc) => {
      if (!doc.has("inputs")) for (const { name, type } of graph.inputs) addEnd(doc, "inputs", name, { type });
      change(doc);
    });
  };
  return (
    <EditorCard
      title="Inputs"
      aside={
        file !== null && (
          <Text size="xs" c="dimmed">
            The sample is in <FileLink flow={flow} path={file} />
          </Text>
        )
      }
    >
      {!yaml.has("inputs") && graph.inputs.length > 0 && (
        <Text size="xs" c="dimmed">
          The prompty declares none: they are those of its sample. The first one that is set here is declared with all others.
        </Text>
      )}
      <FlowProvider document={{ ...document, edit: declaring }}>
        <FlowEnds end="inputs" graph={graph} />
      </FlowProvider>
    </EditorCard>
  );
}

interface PromptyEditorProps {
  readonly flow: string;
  readonly graph: FlowGraph;
  readonly path: string;
  readonly text: string;
  readonly yaml: Document;
}

/** A prompty: its front matter as a form, its prompt with variables and preview. */
export function PromptyEditor({ flow, graph, path, text, yaml }: PromptyEditorProps) {
  const { edit } = useFlow();
  const settings = promptySettings(yaml);
  return (
    <>
      <Prompt flow={flow} graph={graph} path={path} text={text} edit={edit} />
      <Model settings={settings} edit={edit} />
      <Inputs flow={flow} graph={graph} yaml={yaml} />
      <EditorCard title="Outputs">
        {yaml.has("outputs") ? null : (
          <Text size="xs" c="dimmed">
            One output, the answer. Outputs that are declared here are keys of an answer in JSON.
          </Text>
        )}
        <FlowEnds end="outputs" graph={{ ...graph, outputs: declaredEnds(yaml).outputs }} />
      </EditorCard>
      <About
        fields={[
          ["name", "Name", settings.name],
          ["description", "Description", settings.description],
        ]}
        onSet={(key, value) => {
          edit(`Set the ${key}`, (doc) => {
            putAt(doc, [key], value);
          });
        }}
      />
    </>
  );
}
