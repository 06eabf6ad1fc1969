import { Autocomplete, Text } from "@mantine/core";
import type { RunDraft } from "../hooks/useRunDraft";
import { fed, type Fed, type MappingDraft, type Sample } from "../logic/mapping";
import { cellText } from "../logic/values";
import type { FlowInput } from "../model";
import classes from "./NewRun.module.css";

const SHOWN_ROWS = 3;

function FedText({ found }: { readonly found: Fed }) {
  switch (found.kind) {
    case "value":
      return <span className="fy-truncate">{cellText(found.value)}</span>;
    case "default":
      return <span className="fy-truncate">{cellText(found.value)} (default)</span>;
    case "unseen":
      return <span>not looked into</span>;
    case "error":
      return (
        <Text span inherit c="var(--fy-bad)">
          {found.message}
        </Text>
      );
  }
}

/** A flow's inputs, what may feed them, and what does. */
interface Part {
  readonly inputs: readonly FlowInput[];
  readonly rows: readonly Sample[];
  readonly references: readonly string[];
  readonly mapping: MappingDraft;
  readonly problems: Readonly<Record<string, string>>;
}

interface MappingRowsProps {
  readonly part: Part;
  /** Whose inputs they are, where several flows stand on the page. */
  readonly of?: string;
  readonly onMap: (input: string, text: string) => void;
}

function InputRow({ part, of, input, onMap }: MappingRowsProps & { readonly input: FlowInput }) {
  const text = part.mapping[input.name] ?? "";
  const problem = part.problems[input.name];
  const name = of === undefined ? input.name : `${input.name} of ${of}`;
  return (
    <div className={classes.input}>
      <div className={classes.name}>
        {input.name} <span className={classes.type}>{input.type}</span>
      </div>
      <Autocomplete
        aria-label={`${name} comes from`}
        size="sm"
        data={[...part.references]}
        value={text}
        placeholder={input.has_default ? "its default" : "${data.column} or a value"}
        error={problem !== undefined && problem}
        onChange={(next) => {
          onMap(input.name, next);
        }}
        comboboxProps={{ transitionProps: { duration: 80 } }}
      />
      {problem === undefined && (
        <ul className={classes.feeds} aria-label={`What the first rows feed ${name}`}>
          {part.rows.slice(0, SHOWN_ROWS).map((row) => (
            <li key={row.line}>
              <span>Row {row.line}</span>
              <FedText found={fed(input, text, row)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The inputs of a flow, each with what feeds it. */
export function MappingRows({ part, of, onMap }: MappingRowsProps) {
  return (
    <div>
      {part.inputs.map((input) => (
        <InputRow key={input.name} part={part} {...(of === undefined ? {} : { of })} input={input} onMap={onMap} />
      ))}
    </div>
  );
}

/** Which column, output or value feeds each input of the flow, with what the first rows make of it. */
export function MappingStep({ draft }: { readonly draft: RunDraft }) {
  if (draft.flow === "" || draft.rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Choose a flow and its data first.
      </Text>
    );
  if (draft.inputs.length === 0)
    return (
      <Text size="sm" c="dimmed">
        The flow takes no inputs.
      </Text>
    );
  return <MappingRows part={draft} onMap={draft.map} />;
}
