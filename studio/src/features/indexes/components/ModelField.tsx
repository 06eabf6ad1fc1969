import { Alert, Button, Group, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { connections } from "@/api/connections";
import { models } from "@/api/models";
import type { Model } from "@/api/types";
import { useJob } from "@/api/useJob";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { JobPanel } from "@/ui/JobPanel";
import { TextLink } from "@/ui/links";
import { useLocalModels } from "../hooks/useLocalModels";

const WORKS_ON = ["models"] as const;

/** What a model is for. */
export interface ModelPurpose {
  readonly task: string;
  readonly label: string;
  readonly description: string;
  /** The name of such a model behind a connection. */
  readonly example: string;
}

const EMBEDS: ModelPurpose = {
  task: "embeddings",
  label: "Embedding model",
  description: "Turns texts into vectors, whose closeness is closeness of meaning. It stays the index's.",
  example: "text-embedding-3-small",
};

function Pull({ model }: { readonly model: Model }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const pull = useMutation({
    mutationFn: () => models.pull(workspace, model.name),
    onSuccess: () => client.invalidateQueries({ queryKey: ["models", workspace] }),
  });
  const { job, problem } = useJob(workspace, pull.data?.id ?? model.pull_job, WORKS_ON);
  if (job && job.status !== "completed") return <JobPanel job={job} workspace={workspace} streamProblem={problem} />;
  return (
    <Alert color="yellow" title={`${model.name} is not on this machine yet`}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {model.task === "embeddings" && "An index needs its model for each question, too. "}Pull it here, or by the command line: <code>flowyard model pull {model.name}</code>
        </Text>
        <Button size="compact-sm" leftSection={<IconDownload size={14} />} loading={pull.isPending} onClick={() => pull.mutate()}>
          Pull
        </Button>
        {pull.error && <ErrorPanel error={pull.error} />}
      </Stack>
    </Alert>
  );
}

function Local({ value, onChange, purpose = EMBEDS }: ModelFieldProps) {
  const { list, items } = useLocalModels(purpose.task);
  const chosen = items.find(({ name }) => name === value);
  if (list.error) return <ErrorPanel error={list.error} />;
  return (
    <>
      <Select
        label={purpose.label}
        description={purpose.description}
        data={items.map((model) => ({ value: model.name, label: model.state === "ready" ? model.display_name : `${model.display_name} (not pulled)` }))}
        value={value}
        allowDeselect={false}
        onChange={(name) => onChange(name ?? "")}
      />
      {chosen && chosen.state !== "ready" && <Pull key={chosen.name} model={chosen} />}
    </>
  );
}

function Remote({ value, onChange, purpose = EMBEDS }: ModelFieldProps) {
  const workspace = useWorkspace();
  const list = useQuery(connections.list(workspace));
  const names = (list.data?.items ?? []).map(({ name }) => name);
  const slash = value.indexOf("/");
  const connection = slash < 0 ? "" : value.slice(0, slash);
  const model = slash < 0 ? "" : value.slice(slash + 1);
  if (list.isSuccess && names.length === 0)
    return (
      <Text size="sm">
        There is no connection yet.{" "}
        <TextLink to="/w/$workspace/connections" params={{ workspace }} inherit>
          Connections
        </TextLink>{" "}
        has a place for one.
      </Text>
    );
  return (
    <Group gap="md" grow align="flex-start">
      <Select label="Connection" data={names} value={connection || null} onChange={(name) => onChange(`${name ?? ""}/${model}`)} />
      <TextInput label="Model" placeholder={purpose.example} value={model} onChange={(event) => onChange(`${connection}/${event.currentTarget.value}`)} />
    </Group>
  );
}

interface ModelFieldProps {
  /** A local model's name, or `<connection>/<model>`. */
  readonly value: string;
  readonly onChange: (model: string) => void;
  /** To embed, unless it says otherwise. */
  readonly purpose?: ModelPurpose;
}

/** Which model does something: a local one, or one behind a connection. */
export function ModelField({ value, onChange, purpose = EMBEDS }: ModelFieldProps) {
  const { items } = useLocalModels(purpose.task);
  const remote = value.includes("/");
  return (
    <Stack gap="md">
      <SegmentedControl
        aria-label="Where the model runs"
        style={{ alignSelf: "flex-start" }}
        value={remote ? "remote" : "local"}
        onChange={(place) => onChange(place === "remote" ? "/" : (items[0]?.name ?? ""))}
        data={[
          { value: "local", label: "On this machine" },
          { value: "remote", label: "Behind a connection" },
        ]}
      />
      {remote ? <Remote value={value} onChange={onChange} purpose={purpose} /> : <Local value={value} onChange={onChange} purpose={purpose} />}
    </Stack>
  );
}
