import { Select } from "@mantine/core";
import { NewConnection } from "./AskConnection";
import { useModelConnections } from "./useModels";

interface ConnectionSelectProps {
  readonly size?: "xs" | "sm";
  /** Null: none is chosen. */
  readonly connection: string | null;
  readonly onChange: (name: string) => void;
}

/** A connection with models behind it. One that is named and gone is shown, and said to be. */
export function ConnectionSelect({ size = "sm", connection, onChange }: ConnectionSelectProps) {
  const { items, error } = useModelConnections();
  const names = (items ?? []).map(({ name }) => name);
  const isStrange = connection !== null && !names.includes(connection);
  return (
    <Select
      size={size}
      label="Connection"
      placeholder="Choose one"
      searchable
      data={isStrange ? [connection, ...names] : names}
      value={connection}
      error={isStrange && items ? `This workspace has no connection ${connection} with models.` : error?.message}
      inputWrapperOrder={["label", "input", "error", "description"]}
      description={<NewConnection />}
      onChange={(name) => {
        if (name !== null && name !== connection) onChange(name);
      }}
      nothingFoundMessage="There is no such connection."
    />
  );
}
