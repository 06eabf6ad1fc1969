import { Alert, FileInput, Group, NumberInput, SegmentedControl, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconFileZip } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { flows } from "@/api/flows";
import { models } from "@/api/models";
import { useWorkspace } from "@/lib/workspace";
import type { DeployDraft, Kind } from "../hooks/useDeployDraft";
import { AuthModeField } from "./AuthModeField";
import { readSteps } from "../logic/steps";
import { ScaleFields } from "./ScaleFields";

const MONOSPACE = { input: { fontFamily: "var(--mantine-font-family-monospace)" } };
const KINDS: { value: Kind; label: string }[] = [
  { value: "flow", label: "A flow" },
  { value: "model", label: "A model" },
  { value: "script", label: "A scoring script" },
];

function Named({ draft }: { readonly draft: DeployDraft }) {
  const workspace = useWorkspace();
  const { kind, name, setName } = draft.what;
  const flowList = useQuery(flows.list(workspace));
  const modelList = useQuery(models.list(workspace));
  const names = kind === "flow" ? flowList.data?.items.map((flow) => flow.name) : modelList.data?.items.map((model) => model.name);
  return (
    <Select
      label={kind === "flow" ? "Flow" : "Model"}
      placeholder={kind === "flow" ? "Choose a flow" : "Choose a model of the catalog"}
      searchable
      data={names ?? []}
      value={name === "" ? null : name}
      nothingFoundMessage={kind === "flow" ? "There is no such flow." : "There is no such model."}
      onChange={setName}
    />
  );
}

function Script({ draft }: { readonly draft: DeployDraft }) {
  const { archive, setArchive, script, setScript } = draft.what;
  return (
    <>
      <FileInput
        label="Archive"
        description="A .zip with code/, and where the script needs them model/ (AZUREML_MODEL_DIR) and requirements.txt."
        placeholder="Choose a .zip"
        accept=".zip,application/zip"
        clearable
        leftSection={<IconFileZip size={16} />}
        value={archive}
        onChange={setArchive}
      />
      <TextInput
        label="Script"
        description="Its path below code/; it has init() and run(data)."
        value={script}
        error={script.endsWith(".py") ? null : "Name a Python file, such as score.py."}
        onChange={(event) => {
          setScript(event.currentTarget.value);
        }}
      />
    </>
  );
}

/** What is deployed. */
export function WhatStep({ draft }: { readonly draft: DeployDraft }) {
  const { init, what } = draft;
  return (
    <Stack gap={12}>
      <SegmentedControl aria-label="What to deploy" data={KINDS} value={what.kind} onChange={what.setKind} />
      {what.kind === "script" ? <Script draft={draft} /> : <Named draft={draft} />}
      {init.asked && (
        <Textarea
          label="Init values"
          description="What its class, or its prompty, is made with, as JSON; connections by name, no secrets. Empty: its own defaults."
          placeholder='{"model_config": {"connection": "my-connection", "model": "gpt-4o-mini"}}'
          autosize
          minRows={2}
          maxRows={10}
          styles={MONOSPACE}
          value={init.written}
          error={init.problem}
          onChange={(event) => {
            init.write(event.currentTarget.value);
          }}
        />
      )}
    </Stack>
  );
}

function EndpointField({ draft }: { readonly draft: DeployDraft }) {
  const { place } = draft;
  return place.isNew ? (
    <TextInput
      label="Endpoint"
      description="The name in its address."
      value={place.name}
      error={place.nameIssue}
      onChange={(event) => {
        place.setName(event.currentTarget.value);
      }}
    />
  ) : (
    <Select
      label="Endpoint"
      description="The name in its address."
      searchable
      data={[...place.known]}
      value={place.name === "" ? null : place.name}
      error={place.nameIssue}
      allowDeselect={false}
      onChange={(chosen) => {
        place.setName(chosen ?? "");
      }}
    />
  );
}

/** Where it is deployed to. */
export function WhereStep({ draft }: { readonly draft: DeployDraft }) {
  const { place } = draft;
  return (
    <Stack gap={12}>
      {place.known.length > 0 && (
        <SegmentedControl
          aria-label="Which endpoint"
          data={[
            { value: "new", label: "New endpoint" },
            { value: "existing", label: "Existing endpoint" },
          ]}
          value={place.isNew ? "new" : "existing"}
          onChange={(next) => {
            place.chooseNew(next === "new");
          }}
        />
      )}
      <Group grow align="flex-start" gap="md">
        <EndpointField draft={draft} />
        <TextInput
          label="Deployment"
          description="Its name at the endpoint."
          value={place.deployment}
          error={place.deploymentIssue}
          onChange={(event) => {
            place.setDeployment(event.currentTarget.value);
          }}
        />
      </Group>
      {place.isNew && <AuthModeField value={place.authMode} onChange={place.setAuthMode} />}
      {place.replaces && (
        <Alert p="sm">
          <Text size="sm">
            {place.name} has a deployment {place.deployment}: it is replaced, and keeps its traffic. What serves now serves until the new replicas are ready.
          </Text>
        </Alert>
      )}
    </Stack>
  );
}

interface BoundProps {
  readonly draft: DeployDraft;
  readonly name: "concurrency" | "queueWaitMs" | "timeoutMs" | "readyWithinS";
  readonly label: string;
  readonly unit: string;
  readonly description: string;
  readonly fallback?: string;
}

function Bound({ draft, name, label, unit, description, fallback = "Not bounded" }: BoundProps) {
  return (
    <NumberInput
      label={label}
      description={description}
      placeholder={fallback}
      min={1}
      allowDecimal={false}
      suffix={unit === "" ? "" : ` ${unit}`}
      value={draft.instances[name]}
      onChange={(value) => {
        draft.setInstance({ [name]: value });
      }}
    />
  );
}

/** How many replicas, and what bounds their requests. */
export function HowStep({ draft }: { readonly draft: DeployDraft }) {
  return (
    <Stack gap={12}>
      <ScaleFields
        draft={draft.instances.scale}
        onChange={(change) => {
          draft.setInstance({ scale: { ...draft.instances.scale, ...change } });
        }}
      />
      <SimpleGrid cols={2} spacing="md" verticalSpacing={12}>
        <Bound draft={draft} name="concurrency" label="Requests at a time" unit="" description="For each replica; more wait." />
        <Bound draft={draft} name="queueWaitMs" label="Longest wait" unit="ms" description="Then it is answered 429." fallback="500 ms" />
        <Bound draft={draft} name="timeoutMs" label="Request timeout" unit="ms" description="Until the answer begins; then 504." />
        <Bound draft={draft} name="readyWithinS" label="Ready within" unit="s" description="How long a start may take." fallback="120 s" />
      </SimpleGrid>
      <Textarea
        label="Environment variables"
        description="NAME=VALUE, one a line. No secrets: those belong into a connection."
        placeholder="LOG_LEVEL=debug"
        autosize
        minRows={2}
        maxRows={8}
        styles={MONOSPACE}
        value={draft.instances.variables}
        error={draft.variablesProblem}
        onChange={(event) => {
          draft.setInstance({ variables: event.currentTarget.value });
        }}
      />
    </Stack>
  );
}

function CanaryFields({ draft }: { readonly draft: DeployDraft }) {
  const { canary, place } = draft;
  const read = readSteps(canary.draft.steps);
  return (
    <>
      <SegmentedControl
        aria-label="How traffic moves"
        data={[
          { value: "stay", label: "Stays as it is" },
          { value: "canary", label: "Canary" },
        ]}
        value={canary.draft.wanted ? "canary" : "stay"}
        onChange={(next) => {
          canary.change({ wanted: next === "canary" });
        }}
      />
      {canary.draft.wanted && (
        <>
          <Text size="sm">
            Once {place.deployment} is up it gets the traffic in steps, begun from this page. More than 2 % of errors move it back by themselves; other bounds, and an evaluator, are set
            with Roll out on the endpoint’s page.
          </Text>
          <SimpleGrid cols={2} spacing="md" verticalSpacing={12}>
            <TextInput
              label="Steps, per cent of the traffic"
              value={canary.draft.steps}
              error={"problem" in read ? read.problem : null}
              onChange={(event) => {
                canary.change({ steps: event.currentTarget.value });
              }}
            />
            <NumberInput
              label="Each step lasts"
              suffix=" s"
              min={5}
              allowDecimal={false}
              value={canary.draft.everyS}
              onChange={(everyS) => {
                canary.change({ everyS });
              }}
            />
          </SimpleGrid>
        </>
      )}
    </>
  );
}

/** What becomes of the traffic. */
export function TrafficStep({ draft }: { readonly draft: DeployDraft }) {
  const { place } = draft;
  const share = place.target?.traffic[place.deployment] ?? 0;
  const others = Object.entries(place.target?.traffic ?? {}).filter(([name, each]) => name !== place.deployment && each > 0);
  const words = () => {
    if (place.replaces) return `It keeps its share, ${share} %.`;
    if ((place.target?.deployments.length ?? 0) === 0) return "It is the first one: it gets all the traffic once it is up.";
    const split = others.map(([name, each]) => `${name} ${each} %`).join(", ");
    return `The traffic stays as it is${split === "" ? "" : ` (${split})`}. Once it is up, test it by its name, give it copies of real requests, or a first share.`;
  };
  return (
    <Stack gap={12}>
      {draft.canary.possible && <CanaryFields draft={draft} />}
      {!draft.canary.draft.wanted && <Text size="sm">{words()}</Text>}
    </Stack>
  );
}
