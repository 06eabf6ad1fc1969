import { Alert, Button, Group, Modal, NumberInput, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endpoints } from "@/api/endpoints";
import { flows } from "@/api/flows";
import { models } from "@/api/models";
import type { Endpoint, Job } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "../ErrorPanel";
import { DeployProgress } from "./DeployProgress";
import { readInit } from "./init";
import { nameProblem, nextDeploymentName, suggestName } from "./names";

/** What is deployed. */
export interface DeploySource {
  readonly kind: "flow" | "model";
  readonly name: string;
}

interface DeployDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** What is deployed; without it, the dialog asks. */
  readonly source?: DeploySource;
  /** Where to; without it, the dialog asks, and can make a new endpoint. */
  readonly endpoint?: string;
}

interface Plan {
  readonly source: DeploySource;
  readonly endpoint: string;
  readonly isNew: boolean;
  readonly deployment: string;
  readonly replicas: number;
  readonly init: Record<string, unknown>;
}

interface Started {
  readonly job: Job;
  readonly endpoint: string;
  readonly deployment: string;
}

async function carryOut(workspace: string, plan: Plan): Promise<Started> {
  if (plan.isNew) await endpoints.create(workspace, { name: plan.endpoint, description: null });
  const job = await endpoints.deploy(workspace, plan.endpoint, {
    name: plan.deployment,
    instance_count: plan.replicas,
    ...(plan.source.kind === "flow" ? { flow: plan.source.name, init: plan.init } : { model: plan.source.name }),
  });
  return { job, endpoint: plan.endpoint, deployment: plan.deployment };
}

function SourceFields({ source, onChange }: { readonly source: DeploySource | null; readonly onChange: (source: DeploySource | null) => void }) {
  const workspace = useWorkspace();
  const [kind, setKind] = useState<DeploySource["kind"]>("flow");
  const flowList = useQuery(flows.list(workspace));
  const modelList = useQuery(models.list(workspace));
  const ready = modelList.data?.items.filter((model) => model.state === "ready") ?? [];
  const names = kind === "flow" ? (flowList.data?.items.map((flow) => flow.name) ?? []) : ready.map((model) => model.name);
  return (
    <Stack gap={8}>
      <SegmentedControl
        aria-label="What to deploy"
        data={[
          { value: "flow", label: "A flow" },
          { value: "model", label: "A model" },
        ]}
        value={kind}
        onChange={(next) => {
          setKind(next);
          onChange(null);
        }}
      />
      <Select
        label={kind === "flow" ? "Flow" : "Model"}
        description={kind === "model" ? "Models that are on this machine." : null}
        searchable
        data={names}
        value={source?.name ?? null}
        nothingFoundMessage={kind === "flow" ? "There is no flow yet." : "No model is on this machine yet. Pull one on the Models page."}
        onChange={(name) => {
          onChange(name === null ? null : { kind, name });
        }}
      />
    </Stack>
  );
}

interface TargetFieldsProps {
  readonly known: readonly string[];
  readonly isNew: boolean;
  readonly name: string;
  readonly problem: string | null;
  readonly onNew: (isNew: boolean) => void;
  readonly onName: (name: string) => void;
}

function TargetFields({ known, isNew, name, problem, onNew, onName }: TargetFieldsProps) {
  return (
    <Stack gap={8}>
      {known.length > 0 && (
        <SegmentedControl
          aria-label="Endpoint"
          data={[
            { value: "new", label: "New endpoint" },
            { value: "existing", label: "Existing endpoint" },
          ]}
          value={isNew ? "new" : "existing"}
          onChange={(next) => {
            onNew(next === "new");
          }}
        />
      )}
      {isNew ? (
        <TextInput
          label="Endpoint"
          description="The name that callers use, in its address."
          value={name}
          error={problem}
          data-autofocus
          onChange={(event) => {
            onName(event.currentTarget.value);
          }}
        />
      ) : (
        <Select
          label="Endpoint"
          searchable
          data={[...known]}
          value={name}
          allowDeselect={false}
          onChange={(chosen) => {
            onName(chosen ?? "");
          }}
        />
      )}
    </Stack>
  );
}

function targetProblem(name: string, isNew: boolean, known: readonly string[]): string | null {
  if (isNew && known.includes(name)) return "There is an endpoint of this name already. Choose “Existing endpoint” to add a deployment to it.";
  return isNew ? nameProblem(name) : name === "" ? "Choose an endpoint." : null;
}

function deploymentProblem(name: string, taken: readonly string[]): string | null {
  return taken.includes(name)
    ? "There is a deployment of this name already. It would be replaced; choose another name to keep both."
    : nameProblem(name);
}

function firstName(isNew: boolean, source: DeploySource | null, known: readonly string[]): string {
  return isNew ? suggestName(source?.name ?? "my-endpoint") : (known[0] ?? "");
}

function deploymentsOf(all: readonly Endpoint[], name: string): readonly string[] {
  return all.find((each) => each.name === name)?.deployments.map((each) => each.name) ?? [];
}

/** What a flex flow's class or a prompty is made with: asked for only where the flow is one. `value` is null while it cannot be read. */
function useInit(source: DeploySource | null) {
  const workspace = useWorkspace();
  const [written, write] = useState("");
  const isFlow = source?.kind === "flow";
  const list = useQuery({ ...flows.list(workspace), enabled: isFlow });
  const flow = isFlow ? list.data?.items.find((each) => each.name === source.name) : undefined;
  const asked = flow !== undefined && flow.kind !== "dag";
  const read = asked ? readInit(written) : { value: {} };
  return { asked, written, write, value: "value" in read ? read.value : null, problem: "problem" in read ? read.problem : null };
}

/** What the form asks for: what was typed, and what stands there until something is. */
function useDeployForm(givenSource: DeploySource | undefined, givenEndpoint: string | undefined) {
  const workspace = useWorkspace();
  const list = useQuery(endpoints.list(workspace));
  const [source, setSource] = useState<DeploySource | null>(givenSource ?? null);
  const [isNew, setIsNew] = useState(givenEndpoint === undefined);
  const [typedName, setName] = useState<string | null>(givenEndpoint ?? null);
  const [typedDeployment, setDeployment] = useState<string | null>(null);
  const [replicas, setReplicas] = useState<number | string>(1);
  const init = useInit(source);

  const all = list.data?.items ?? [];
  const known = all.map((each) => each.name);
  const name = typedName ?? firstName(isNew, source, known);
  const taken = isNew ? [] : deploymentsOf(all, name);
  const deployment = typedDeployment ?? nextDeploymentName(taken);
  const nameIssue = givenEndpoint === undefined ? targetProblem(name, isNew, known) : null;
  const deploymentIssue = deploymentProblem(deployment, taken);
  const isComplete = source !== null && typeof replicas === "number" && nameIssue === null && deploymentIssue === null;
  const plan: Plan | null = isComplete && init.value ? { source, endpoint: name, isNew, deployment, replicas, init: init.value } : null;
  const chooseNew = (next: boolean): void => {
    setIsNew(next);
    setName(null);
    setDeployment(null);
  };
  return {
    source,
    setSource,
    isNew,
    chooseNew,
    known,
    name,
    setName,
    nameIssue,
    taken,
    deployment,
    setDeployment,
    deploymentIssue,
    replicas,
    setReplicas,
    init,
    plan,
  };
}

type FormProps = Omit<DeployDialogProps, "opened"> & { readonly onStarted: (started: Started) => void };

function Form({ source, endpoint, onClose, onStarted }: FormProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const form = useDeployForm(source, endpoint);
  const start = useMutation({
    mutationFn: (plan: Plan) => carryOut(workspace, plan),
    onSuccess: onStarted,
    onSettled: () => client.invalidateQueries({ queryKey: ["endpoints", workspace] }),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (form.plan) start.mutate(form.plan);
      }}
    >
      <Stack gap="md">
        {source === undefined && <SourceFields source={form.source} onChange={form.setSource} />}
        {endpoint === undefined && (
          <TargetFields
            known={form.known}
            isNew={form.isNew}
            name={form.name}
            problem={form.nameIssue}
            onName={form.setName}
            onNew={form.chooseNew}
          />
        )}
        <Group grow align="flex-start" gap="md">
          <TextInput
            label="Deployment"
            value={form.deployment}
            error={form.deploymentIssue}
            onChange={(event) => {
              form.setDeployment(event.currentTarget.value);
            }}
          />
          <NumberInput label="Replicas" min={1} max={16} allowDecimal={false} value={form.replicas} onChange={form.setReplicas} />
        </Group>
        {form.init.asked && (
          <Textarea
            label="Init values"
            description="What its class, or its prompty, is made with, as JSON; connections by name, no secrets. Empty: its own defaults."
            placeholder='{"model_config": {"connection": "my-connection", "model": "gpt-4o-mini"}}'
            autosize
            minRows={2}
            maxRows={10}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
            value={form.init.written}
            error={form.init.problem}
            onChange={(event) => {
              form.init.write(event.currentTarget.value);
            }}
          />
        )}
        {form.taken.length > 0 && (
          <Alert p="sm">
            <Text size="sm">The traffic of {form.name} stays as it is: give the new deployment its share once you have tried it.</Text>
          </Alert>
        )}
        {start.error && <ErrorPanel error={start.error} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={form.plan === null} loading={start.isPending}>
            Deploy
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Deploys a flow or a model to a new or existing endpoint, and shows how it goes. */
export function DeployDialog({ opened, onClose, source, endpoint }: DeployDialogProps) {
  const [started, setStarted] = useState<Started | null>(null);
  const close = (): void => {
    setStarted(null);
    onClose();
  };
  const what = source ? `${source.kind} ${source.name}` : endpoint ? `to ${endpoint}` : "to an endpoint";
  return (
    <Modal
      opened={opened}
      onClose={close}
      size={520}
      title={
        <Text fw={600} style={{ overflowWrap: "anywhere" }}>
          Deploy {what}
        </Text>
      }
    >
      {started ? (
        <DeployProgress jobId={started.job.id} endpoint={started.endpoint} onClose={close} />
      ) : (
        <Form onClose={close} onStarted={setStarted} {...(source ? { source } : {})} {...(endpoint === undefined ? {} : { endpoint })} />
      )}
    </Modal>
  );
}
