import { Badge, Button, Code, Group, Text } from "@mantine/core";
import type { Document } from "yaml";
import { useFlow } from "../../hooks/useFlowDocument";
import { useSourceRead } from "../../hooks/useSource";
import { entryFile, entryProblem, entryValues, flexSettings, type FlexSettings } from "../../logic/edits/flex";
import { putAt, setAt } from "../../logic/edits/paths";
import type { FlowGraph, SourceReport } from "../../model";
import { CodeField } from "../editors/CodeField";
import { EditorCard } from "../editors/EditorCard";
import { Saved, tried } from "../editors/Saved";
import { FileLink } from "../FileLink";
import { About } from "./About";
import { EntryValues } from "./EntryValues";
import { Includes, Variables } from "./Surroundings";

type Entry = NonNullable<SourceReport["entry"]>;

const WHAT: Readonly<Record<Entry["kind"], string>> = {
  class: "Class: made once, called for each line",
  function: "Function: called for each line",
  other: "Only running the code tells what it takes",
};

/** The function or class that the entry names, as its code says it. */
function Named({ flow, file, entry }: { readonly flow: string; readonly file: string; readonly entry: Entry }) {
  return (
    <>
      <Group gap={8}>
        <Badge variant="default" radius="sm" tt="none" fw={500}>
          {WHAT[entry.kind]}
        </Badge>
        {entry.aggregates && (
          <Badge variant="default" radius="sm" tt="none" fw={500}>
            Makes metrics of all lines
          </Badge>
        )}
        <FileLink flow={flow} path={file} line={entry.line} />
        {entry.returns && (
          <Text size="xs" c="dimmed">
            gives <Code fz={12}>{entry.returns}</Code>
          </Text>
        )}
      </Group>
      {entry.doc && (
        <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
          {entry.doc}
        </Text>
      )}
      {!entry.calls && (
        <Text size="xs" c="var(--fy-bad)" role="alert">
          {`The class ${entry.name} cannot be called: give it a method __call__(self, ...).`}
        </Text>
      )}
    </>
  );
}

interface EntryCardProps {
  readonly flow: string;
  readonly settings: FlexSettings;
  readonly file: string | null;
  readonly report: SourceReport | undefined;
}

/** So many names that could be the entry have a button. */
const OFFERED = 6;

/** The file has no such name: those that it has are offered. */
function Missing({ file, name, definitions, onTake }: { readonly file: string; readonly name: string; readonly definitions: readonly string[]; readonly onTake: (name: string) => void }) {
  return (
    <Group gap={6} role="alert">
      <Text size="xs" c="var(--fy-bad)">
        {`${file} has no function or class ${name}.${definitions.length > 0 ? " It has:" : " It has none at all."}`}
      </Text>
      {definitions.slice(0, OFFERED).map((each) => (
        <Button key={each} size="compact-xs" variant="default" onClick={() => { onTake(each); }}>
          {each}
        </Button>
      ))}
    </Group>
  );
}

/** Whether a file that could be read has no such name. */
function isMissing(report: SourceReport | undefined, name: string): boolean {
  return report !== undefined && name !== "" && !report.entry && (report.findings ?? []).every(({ severity }) => severity !== "error");
}

function EntryCard({ flow, settings, file, report }: EntryCardProps) {
  const { edit, paths } = useFlow();
  const { entry, module, name } = settings;
  const definitions = (report?.definitions ?? []).map((each) => each.name);
  const set = (text: string) =>
    entryProblem(text) ??
    tried(() => {
      edit("Set the entry", (doc) => {
        setAt(doc, ["entry"], text);
      });
    });
  return (
    <EditorCard title="Entry">
      <Saved label="Module and name" aria-label="Entry" placeholder="chat:answer" data={definitions.map((each) => `${module}:${each}`)} saved={entry} onSave={(text) => set(text.trim())} />
      {module === "" && (
        <Text size="xs" c="var(--fy-bad)">
          {entryProblem(entry)}
        </Text>
      )}
      {module !== "" && file === null && (
        <Text size="xs" c="var(--fy-warn)">
          {`The flow has no ${module.replaceAll(".", "/")}.py: ${module} is a module of an installed package, or misnamed. Python files here: ${paths.filter((path) => path.endsWith(".py")).join(", ") || "none"}.`}
        </Text>
      )}
      {file !== null && isMissing(report, name) && <Missing file={file} name={name} definitions={definitions} onTake={(each) => { set(`${module}:${each}`); }} />}
      {file !== null && report?.entry && <Named flow={flow} file={file} entry={report.entry} />}
    </EditorCard>
  );
}

/** What the entry takes: as its code says it; as the server found it, of whatever name, where only running the code could tell. */
function takenBy(entry: Entry | null, graph: FlowGraph) {
  if (entry !== null && entry.kind !== "other")
    return { init: entry.init ?? [], isInitOpen: entry.init_open === true, parameters: entry.parameters ?? [], isOpen: entry.open === true };
  return { init: [], isInitOpen: true, parameters: graph.inputs.map(({ name, type }) => ({ name, type, required: false, default: null })), isOpen: true };
}

interface TakenProps {
  readonly settings: FlexSettings;
  readonly taken: ReturnType<typeof takenBy>;
  readonly isFunction: boolean;
}

/** The values that the entry is made and called with. Only the code says their types: before, a number that is typed would be set as a text. */
function Taken({ settings, taken, isFunction }: TakenProps) {
  return (
    <>
      {!isFunction && (
        <EntryValues
          title="Made with"
          part="init"
          values={entryValues(taken.init, taken.isInitOpen, settings.init, settings.sampleInit ?? {})}
          inFile={settings.sampleInit === null}
          nothing="The class takes nothing when it is made."
        />
      )}
      <EntryValues
        title="Each call takes"
        part="inputs"
        values={entryValues(taken.parameters, taken.isOpen, settings.inputs, settings.sampleInputs ?? {})}
        inFile={settings.sampleInputs === null}
        nothing="A call takes nothing."
      />
    </>
  );
}

interface FlexEditorProps {
  readonly flow: string;
  readonly graph: FlowGraph;
  readonly yaml: Document;
}

/** A flex flow: its entry and what it takes as a form, its code beside. */
export function FlexEditor({ flow, graph, yaml }: FlexEditorProps) {
  const { edit, isText, paths, text } = useFlow();
  const settings = flexSettings(yaml);
  const file = entryFile(settings, paths);
  const { report, reading } = useSourceRead(flow, file ?? "", file === null ? null : text(file), settings.name);
  return (
    <>
      <EntryCard flow={flow} settings={settings} file={file} report={report} />
      {reading && file !== null && isText(file) ? (
        <Text size="sm" c="dimmed" role="status">
          {`Reading what ${file} takes`}
        </Text>
      ) : (
        <Taken settings={settings} taken={takenBy(report?.entry ?? null, graph)} isFunction={report?.entry?.kind === "function"} />
      )}
      {file !== null && (
        <EditorCard title="Code" aside={<FileLink flow={flow} path={file} />}>
          <div>
            <CodeField key={file} flow={flow} path={file} report={report} />
          </div>
        </EditorCard>
      )}
      <Variables variables={settings.variables} />
      <Includes includes={settings.includes} />
      <About
        fields={[
          ["display_name", "Name", settings.displayName],
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
