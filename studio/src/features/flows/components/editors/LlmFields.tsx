import { ActionIcon, Group, Loader, Select, SegmentedControl, Stack, Text, Tooltip } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { TextLink } from "@/ui/links";
import { useFlow } from "../../hooks/useFlowDocument";
import { useModelConnections, useNodeModels } from "../../hooks/useNodeModels";
import { setModel, setSetting, type NodeSettings } from "../../logic/edits/settings";
import type { GraphNode } from "../../model";
import { ParameterFields } from "./ParameterFields";
import classes from "./editors.module.css";
import { Saved } from "./Saved";

interface LlmFieldsProps {
  readonly node: GraphNode;
  readonly settings: NodeSettings;
}

function NewConnection() {
  const workspace = useWorkspace();
  return (
    <TextLink to="/w/$workspace/connections/new" params={{ workspace }} size="xs">
      New connection
    </TextLink>
  );
}

function ConnectionField({ node, settings }: LlmFieldsProps) {
  const { edit } = useFlow();
  const { items, error } = useModelConnections();
  const { connection } = settings;
  const names = (items ?? []).map(({ name }) => name);
  const gone = connection !== null && items !== undefined && !names.includes(connection);
  return (
    <Select
      size="xs"
      label="Connection"
      placeholder="Choose one"
      searchable
      data={connection !== null && !names.includes(connection) ? [connection, ...names] : names}
      value={connection}
      error={gone ? `This workspace has no connection ${connection} with models.` : error ? error.message : null}
      inputWrapperOrder={["label", "input", "error", "description"]}
      description={<NewConnection />}
      onChange={(name) => {
        if (name !== null && name !== connection)
          edit(`Set the connection of ${node.name}`, (doc) => {
            setSetting(doc, node.name, "connection", name);
          });
      }}
      nothingFoundMessage="There is no such connection"
    />
  );
}

interface ModelFieldProps extends LlmFieldsProps {
  readonly found: ReturnType<typeof useNodeModels>;
}

/** Why the model may not answer; undefined: nothing speaks against it. */
function modelNote(model: string, connection: string | null, { names, known }: ModelFieldProps["found"]): string | undefined {
  if (model === "") return "The model that answers; without one the node cannot run.";
  const strange = known && connection === "local" && !names.includes(model) && !model.startsWith("${");
  return strange ? `${model} is not ready on this machine: pull it under Models, or choose another.` : undefined;
}

function AskConnection({ connection, asked }: { readonly connection: string; readonly asked: ModelFieldProps["found"]["asked"] }) {
  if (asked.isPending) return <Loader size={14} aria-label="Asking for the connection's models" />;
  return (
    <Tooltip label={`Ask ${connection} for its models`}>
      <ActionIcon size={22} aria-label="Ask the connection for its models" onClick={() => { asked.mutate(); }}>
        <IconRefresh size={14} />
      </ActionIcon>
    </Tooltip>
  );
}

function ModelField({ node, settings, found }: ModelFieldProps) {
  const { edit } = useFlow();
  const { items } = useModelConnections();
  const { connection } = settings;
  const type = items?.find(({ name }) => name === connection)?.type ?? "local";
  const { names, canAsk, asked } = found;
  const model = node.model ?? "";
  return (
    <Stack gap={4}>
      <Saved
        label={type === "azure_open_ai" ? "Deployment" : "Model"}
        inputWrapperOrder={["label", "input", "error", "description"]}
        description={modelNote(model, connection, found)}
        placeholder="Choose or write one"
        data={names}
        saved={model}
        onSave={(text) => {
          if (text.trim() === "") return "A model has a name.";
          edit(`Set the model of ${node.name}`, (doc) => {
            setModel(doc, node.name, text.trim(), type === "open_ai" || type === "serverless" ? "model" : "deployment_name");
          });
          return null;
        }}
        rightSection={canAsk && connection !== null ? <AskConnection connection={connection} asked={asked} /> : undefined}
      />
      {asked.error && <ErrorPanel error={asked.error} />}
      {asked.data && (
        <Text size="xs" c="dimmed" role="status">
          {asked.data.ok ? `The connection lists ${String(asked.data.models?.length ?? 0)} models.` : asked.data.detail}
        </Text>
      )}
    </Stack>
  );
}

/** The connection, model and parameters of an LLM node. */
export function LlmFields({ node, settings }: LlmFieldsProps) {
  const { edit } = useFlow();
  const found = useNodeModels(settings.connection ?? "local", node.model ?? null);
  return (
    <Stack gap="sm">
      <div className={classes.grid}>
        <ConnectionField node={node} settings={settings} />
        <ModelField key={settings.connection} node={node} settings={settings} found={found} />
      </div>
      <Group gap="sm">
        <Text size="xs" fw={500}>
          API
        </Text>
        <SegmentedControl
          size="xs"
          aria-label="API"
              value={settings.api}
          data={[
            { value: "chat", label: "Chat" },
            { value: "completion", label: "Completion" },
          ]}
          onChange={(api) => {
            edit(`Set the API of ${node.name}`, (doc) => {
              setSetting(doc, node.name, "api", api);
            });
          }}
        />
      </Group>
      <ParameterFields node={node} api={settings.api} card={found.card} />
    </Stack>
  );
}
