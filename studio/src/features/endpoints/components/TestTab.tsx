import { Button, Group, SegmentedControl, Select, Switch, Text } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useState } from "react";
import type { Endpoint } from "@/api/types";
import { useRights } from "@/api/useRights";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CodeEditor } from "@/ui/CodeEditor";
import { GuardedButton } from "@/ui/GuardedButton";
import { coerceDraft, type Draft, type Field, initialDraft } from "@/ui/inputs/fields";
import { InputsForm } from "@/ui/inputs/InputsForm";
import { Panel, Section, Split } from "@/ui/Panel";
import { useCall } from "../hooks/useCall";
import { type EndpointShape, useEndpointShape } from "../hooks/useEndpointShape";
import { AnswerPanel } from "./AnswerPanel";
import classes from "./TestTab.module.css";

interface RequestState {
  readonly draft: Draft;
  readonly errors: Readonly<Record<string, string>>;
  readonly raw: string | null;
  readonly rawError: string | null;
}

const EMPTY: RequestState = { draft: {}, errors: {}, raw: null, rawError: null };

type Read = { readonly body: unknown } | { readonly problem: RequestState };

function readForm(fields: readonly Field[], state: RequestState): Read {
  const { values, errors } = coerceDraft(fields, { ...initialDraft(fields), ...state.draft });
  return Object.keys(errors).length === 0 ? { body: values } : { problem: { ...state, errors } };
}

function readRaw(sample: unknown, state: RequestState): Read {
  try {
    return { body: JSON.parse(state.raw ?? JSON.stringify(sample)) as unknown };
  } catch (error) {
    return { problem: { ...state, rawError: error instanceof Error ? error.message : String(error) } };
  }
}

interface RequestBodyProps {
  readonly shape: EndpointShape;
  /** The form; null shows the body as JSON. */
  readonly fields: readonly Field[] | null;
  readonly state: RequestState;
  readonly onChange: (state: RequestState) => void;
}

function RequestBody({ shape, fields, state, onChange }: RequestBodyProps) {
  if (fields) {
    return (
      <InputsForm
        fields={fields}
        draft={{ ...initialDraft(fields), ...state.draft }}
        errors={state.errors}
        onChange={(name, text) => {
          onChange({ ...state, draft: { ...state.draft, [name]: text }, errors: {} });
        }}
      />
    );
  }
  return (
    <>
      <div className={classes.editor}>
        <CodeEditor
          value={state.raw ?? JSON.stringify(shape.sample, null, 2)}
          path="request.json"
          label="Request body"
          wrap
          onChange={(raw) => {
            onChange({ ...state, raw, rawError: null });
          }}
        />
      </div>
      {state.rawError !== null && (
        <Text size="sm" c="var(--fy-bad)" role="alert">
          Not JSON yet: {state.rawError}
        </Text>
      )}
    </>
  );
}

interface OptionsProps {
  readonly endpoint: Endpoint;
  readonly pinned: string;
  readonly stream: boolean;
  readonly onPin: (name: string | null) => void;
  readonly onStream: (stream: boolean) => void;
}

function Options({ endpoint, pinned, stream, onPin, onStream }: OptionsProps) {
  return (
    <Group gap="md" align="flex-end">
      <Select
        label="Deployment"
        w={220}
        placeholder="By traffic"
        clearable
        data={endpoint.deployments.map((deployment) => deployment.name)}
        value={pinned === "" ? null : pinned}
        onChange={onPin}
      />
      <Switch
        label="Stream the answer"
        mb={8}
        checked={stream}
        onChange={(event) => {
          onStream(event.currentTarget.checked);
        }}
      />
    </Group>
  );
}

/** Calls the endpoint as a program would, from a form made of its OpenAPI document or with a JSON body. */
export function TestTab({ endpoint }: { readonly endpoint: Endpoint }) {
  const workspace = useWorkspace();
  const { invoke } = useRights(workspace);
  const shape = useEndpointShape(endpoint);
  const caller = useCall(workspace);
  const [mode, setMode] = useUrlState("body", "form");
  const [pinned, pin] = useUrlState("deployment");
  const [stream, setStream] = useState(true);
  const [state, setState] = useState<RequestState>(EMPTY);
  const formFields = mode === "form" ? shape.fields : null;
  const send = (): void => {
    const read = formFields ? readForm(formFields, state) : readRaw(shape.sample, state);
    if ("problem" in read) {
      setState(read.problem);
      return;
    }
    const body = shape.model !== null && stream ? { ...(read.body as object), stream: true } : read.body;
    caller.send({ path: shape.path, body, stream, deployment: pinned === "" ? null : pinned });
  };
  const head = (
    <>
      <Text fw={600}>Request</Text>
      <Text size="xs" c="dimmed" ff="monospace" flex={1} className="fy-truncate" title={`POST ${shape.path}`}>
        POST {shape.path}
      </Text>
      {shape.fields && (
        <SegmentedControl
          size="xs"
          aria-label="Body as"
          data={[
            { value: "form", label: "Form" },
            { value: "json", label: "JSON" },
          ]}
          value={mode}
          onChange={setMode}
        />
      )}
      {caller.busy ? (
        <Button size="compact-md" variant="default" leftSection={<IconPlayerStop size={15} />} onClick={caller.stop}>
          Stop
        </Button>
      ) : (
        <GuardedButton
          size="compact-md"
          leftSection={<IconPlayerPlay size={15} />}
          off={!invoke ? "Your role may look at endpoints, not call them." : endpoint.deployments.length === 0 ? "It has no deployment yet that could answer." : null}
          onClick={send}
        >
          Send
        </GuardedButton>
      )}
    </>
  );
  return (
    <Split
      label="Answer"
      width="minmax(360px, 46%)"
      main={
        <Panel head={head}>
          <Section title="Body">
            <RequestBody shape={shape} fields={formFields} state={state} onChange={setState} />
          </Section>
          <Section title="Options">
            <Options endpoint={endpoint} pinned={pinned} stream={stream} onPin={pin} onStream={setStream} />
          </Section>
        </Panel>
      }
      side={<AnswerPanel caller={caller} hasDeployment={endpoint.deployments.length > 0} />}
    />
  );
}
