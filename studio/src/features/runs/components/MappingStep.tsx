import { Autocomplete, Text } from "@mantine/core";
import type { RunDraft } from "../hooks/useRunDraft";
import { fed, type Fed } from "../logic/mapping";
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

function InputRow({ draft, input }: { readonly draft: RunDraft; readonly input: FlowInput }) {
  const text = draft.mapping[input.name] ?? "";
  const problem = draft.problems[input.name];
  return (
    <div className={classes.input}>
      <div className={classes.name}>
        {input.name} <span className={classes.type}>{input.type}</span>
      </div>
      <Autocomplete
        aria-label={`${input.name} comes from`}
        size="sm"
        data={draft.references}
        value={text}
        placeholder={input.has_default ? "its default" : "${data.column} or a value"}
        error={problem !== undefined && problem}
        onChange={(next) => {
          draft.map(input.name, next);
        }}
        comboboxProps={{ transitionProps: { duration: 80 } }}
      />
      {problem === undefined && (
        <ul className={classes.feeds} aria-label={`What the first rows feed ${input.name}`}>
          {draft.rows.slice(0, SHOWN_ROWS).map((row) => (
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
  return (
    <div>
      {draft.inputs.map((input) => (
        <InputRow key={input.name} draft={draft} input={input} />
      ))}
    </div>
  );
}
