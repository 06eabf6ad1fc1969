import { Autocomplete, SimpleGrid, Stack, Text } from "@mantine/core";
import { AskConnection, ConnectionSaid } from "@/ui/models/AskConnection";
import { ConnectionSelect } from "@/ui/models/ConnectionSelect";
import { useModelNames } from "@/ui/models/useModels";
import { type InitField, modelChoiceOf, modelText } from "../logic/init";

interface ModelChoiceFieldProps {
  readonly field: InitField;
  readonly text: string;
  readonly error: string | undefined;
  readonly onChange: (text: string) => void;
}

/** A connection, and a model behind it. */
export function ModelChoiceField({ field, text, error, onChange }: ModelChoiceFieldProps) {
  const choice = modelChoiceOf(text);
  const { names, canAsk, asked } = useModelNames(choice.connection, choice.model);
  const change = (next: Partial<typeof choice>): void => {
    onChange(modelText(field, { ...choice, ...next }));
  };
  return (
    <Stack gap={4} role="group" aria-label={field.name}>
      <Text size="sm" fw={500}>
        {field.name}
      </Text>
      <SimpleGrid cols={2} spacing="sm">
        <ConnectionSelect
          connection={choice.connection === "" ? null : choice.connection}
          onChange={(connection) => {
            change({ connection, model: "" });
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
          rightSection={canAsk && choice.connection !== "" ? <AskConnection connection={choice.connection} asked={asked} /> : undefined}
        />
      </SimpleGrid>
      <ConnectionSaid asked={asked} />
    </Stack>
  );
}
