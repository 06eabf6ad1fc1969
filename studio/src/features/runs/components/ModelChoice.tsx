import { ActionIcon, Autocomplete, Loader, Select, SimpleGrid, Stack, Text, Tooltip } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { TextLink } from "@/ui/links";
import { useModelConnections, useModelNames } from "@/ui/models/useModels";
import { type InitField, modelChoiceOf, modelText } from "../logic/init";

interface ModelChoiceFieldProps {
  readonly field: InitField;
  readonly text: string;
  readonly error: string | undefined;
  readonly onChange: (text: string) => void;
}

/** A connection, and a model behind it. */
export function ModelChoiceField({ field, text, error, onChange }: ModelChoiceFieldProps) {
  const workspace = useWorkspace();
  const choice = modelChoiceOf(text);
  const connections = useModelConnections();
  const { names, canAsk, asked } = useModelNames(choice.connection, choice.model);
  const change = (next: Partial<typeof choice>): void => {
    onChange(modelText(field, { ...choice, ...next }));
  };
  const ask = asked.isPending ? (
    <Loader size={14} role="img" aria-label="Asking for the connection's models" />
  ) : (
    <Tooltip label={`Ask ${choice.connection} for its models`}>
      <ActionIcon size={22} aria-label="Ask the connection for its models" onClick={() => { asked.mutate(); }}>
        <IconRefresh size={14} />
      </ActionIcon>
    </Tooltip>
  );
  return (
    <Stack gap={4} role="group" aria-label={field.name}>
      <Text size="sm" fw={500}>
        {field.name}
      </Text>
      <SimpleGrid cols={2} spacing="sm">
        <Select
          label="Connection"
          placeholder="Choose one"
          searchable
          data={(connections.items ?? []).map(({ name }) => name)}
          value={choice.connection === "" ? null : choice.connection}
          nothingFoundMessage="There is no such connection."
          error={connections.error?.message}
          inputWrapperOrder={["label", "input", "error", "description"]}
          description={
            <TextLink to="/w/$workspace/connections/new" params={{ workspace }} size="xs">
              New connection
            </TextLink>
          }
          onChange={(connection) => {
            change({ connection: connection ?? "", model: "" });
          }}
        />
        <Autocomplete
          label="Model"
          placeholder="Choose or write one"
          data={names}
          value={choice.model}
          error={error}
          onChange={(model) => {
            change({ model });
          }}
          rightSection={canAsk && choice.connection !== "" ? ask : undefined}
        />
      </SimpleGrid>
      {asked.error && <ErrorPanel error={asked.error} />}
      {asked.data && (
        <Text size="xs" c="dimmed" role="status">
          {asked.data.ok ? `The connection lists ${String(asked.data.models?.length ?? 0)} models.` : asked.data.detail}
        </Text>
      )}
    </Stack>
  );
}
