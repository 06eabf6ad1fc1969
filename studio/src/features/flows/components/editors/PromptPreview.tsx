import { Badge, Button, Group, Loader, Stack, Text, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconEye, IconEyeOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { flowEditing } from "@/api/flowEditing";
import { formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { ValueView } from "@/ui/ValueView";
import { useFlow } from "../../hooks/useFlowDocument";
import { usePromptValues } from "../../hooks/usePromptValues";
import type { GraphNode, PromptMessage, RenderedPrompt } from "../../model";
import classes from "./editors.module.css";

interface PromptPreviewProps {
  readonly flow: string;
  readonly node: GraphNode;
  readonly path: string;
  /** The template's variables, in their order. */
  readonly variables: readonly string[];
}

/** How long typing rests before the prompt is made again, milliseconds. */
const REST_MS = 200;

function shown(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}

/** What was typed for a value: JSON where the value is no text, else the text. */
function given(text: string, before: unknown): unknown {
  if (typeof before === "string" || (before === undefined && !/^\s*[[{]/.test(text))) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function Message({ message }: { readonly message: PromptMessage }) {
  return (
    <div className={classes.message}>
      <Group gap={8} mb={4}>
        <Badge size="sm" variant="light" radius="sm" color="gray" className={classes.role}>
          {message.role}
        </Badge>
        {message.name && (
          <Text size="xs" c="dimmed" ff="monospace">
            {message.name}
          </Text>
        )}
      </Group>
      <div className={classes.said}>{message.content}</div>
      {(message.more ?? []).length > 0 && <ValueView value={message.more} label="Copy what is no text" maxHeight={160} />}
    </div>
  );
}

interface ValuesProps {
  readonly variables: readonly string[];
  readonly known: Readonly<Record<string, unknown>>;
  readonly typed: Readonly<Record<string, string>>;
  readonly onType: (name: string, text: string) => void;
}

function Values({ variables, known, typed, onType }: ValuesProps) {
  return (
    <div className={classes.grid}>
      {variables.map((name) => (
        <Textarea
          key={name}
          size="xs"
          autosize
          minRows={1}
          maxRows={4}
          label={name}
          aria-description="A value for the preview only"
          placeholder="No value yet"
          value={typed[name] ?? shown(known[name])}
          onChange={(event) => {
            onType(name, event.currentTarget.value);
          }}
        />
      ))}
    </div>
  );
}

function Rendered({ prompt }: { readonly prompt: RenderedPrompt }) {
  const { tokens, missing = [], messages = [], text } = prompt;
  return (
    <>
      <Text size="xs" c="dimmed" role="status">
        {`About ${formatNumber(tokens)} tokens`}
        {missing.length > 0 && ` · no value for ${missing.join(", ")}`}
      </Text>
      {messages.map((message, index) => (
        <Message key={`${String(index)} ${message.role}`} message={message} />
      ))}
      {typeof text === "string" && <div className={classes.said}>{text}</div>}
    </>
  );
}

/** A node's prompt as it would be sent, by role, with about how many tokens it takes. Values are the last ones, or what is typed for the preview. */
function PromptPreview({ flow, node, path, variables }: PromptPreviewProps) {
  const workspace = useWorkspace();
  const document = useFlow();
  const known = usePromptValues(node);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const values: Record<string, unknown> = Object.fromEntries(
    variables.flatMap((name) => {
      const text = typed[name];
      const value = text === undefined ? known[name] : text === "" ? undefined : given(text, known[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  // As text: it is the same as long as the values are, and the last one of some typing is asked for.
  const [inputs] = useDebouncedValue(JSON.stringify(values), REST_MS);
  const saved = `${document.text(path) ?? ""}\n${document.main === null ? "" : (document.text(document.main) ?? "")}`;
  const query = useQuery({ ...flowEditing.prompt(workspace, flow, { node: node.name, variant: node.variant ?? null }, JSON.parse(inputs) as typeof values, saved), enabled: document.status === "saved" });
  const { data, error } = query;
  return (
    <Stack gap="sm">
      {variables.length > 0 && <Values variables={variables} known={known} typed={typed} onType={(name, text) => { setTyped((before) => ({ ...before, [name]: text })); }} />}
      {error && !query.isFetching && <ErrorPanel error={error} />}
      {!data && !error && (
        <Group gap={8}>
          <Loader size={14} aria-hidden />
          <Text size="sm" c="dimmed" role="status">
            Starting the flow’s process.
          </Text>
        </Group>
      )}
      {data && !error && <Rendered prompt={data} />}
    </Stack>
  );
}

/** A button that opens the preview of a node's prompt, and the preview. Which one is open is in the address. */
export function Previewing(props: PromptPreviewProps) {
  const { name } = props.node;
  const [previewed, setPreviewed] = useUrlState("preview");
  const isShown = previewed === name;
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        style={{ alignSelf: "flex-start" }}
        aria-expanded={isShown}
        leftSection={isShown ? <IconEyeOff size={13} /> : <IconEye size={13} />}
        onClick={() => {
          setPreviewed(isShown ? null : name);
        }}
      >
        {isShown ? "Hide preview" : "Preview"}
      </Button>
      {isShown && <PromptPreview {...props} />}
    </>
  );
}
