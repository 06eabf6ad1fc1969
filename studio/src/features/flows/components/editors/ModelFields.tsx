import { Group, SegmentedControl, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { AskConnection, ConnectionSaid } from "@/ui/models/AskConnection";
import { ConnectionSelect } from "@/ui/models/ConnectionSelect";
import { useModelConnections, useModelNames } from "@/ui/models/useModels";
import { ParameterFields } from "./ParameterFields";
import classes from "./editors.module.css";
import { Saved, tried } from "./Saved";

/** Who has a model and is asked to change it: an LLM node, or a prompty. */
export interface ModelOwner {
  readonly connection: string | null;
  readonly model: string;
  readonly api: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly setConnection: (name: string) => void;
  /** Names the model; `type` is that of the connection it is behind. */
  readonly setModel: (model: string, type: string) => void;
  readonly setApi: (api: string) => void;
  /** Sets a parameter, or takes it away where the value is undefined. */
  readonly setParameter: (name: string, value: unknown) => void;
}

interface ModelFieldsProps {
  readonly owner: ModelOwner;
}

interface ModelFieldProps extends ModelFieldsProps {
  readonly found: ReturnType<typeof useModelNames>;
}

/** Why the model may not answer; undefined: nothing speaks against it. */
function modelNote(model: string, connection: string | null, { names, known }: ModelFieldProps["found"]): string | undefined {
  if (model === "") return "The model that answers; without one nothing can run.";
  const strange = known && connection === "local" && !names.includes(model) && !model.startsWith("${");
  return strange ? `${model} is not ready on this machine: pull it under Models, or choose another.` : undefined;
}

function ModelField({ owner: { connection, model, setModel }, found }: ModelFieldProps) {
  const { items } = useModelConnections();
  const type = items?.find(({ name }) => name === connection)?.type ?? "local";
  const { names, canAsk, asked } = found;
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
          return tried(() => {
            setModel(text.trim(), type);
          });
        }}
        rightSection={canAsk && connection !== null ? <AskConnection connection={connection} asked={asked} /> : undefined}
      />
      <ConnectionSaid asked={asked} />
    </Stack>
  );
}

/** The connection, model, API and parameters that a prompt is sent with. `isBehind` a connection; else `children` say where the model is. */
export function ModelFields({ owner, isBehind = true, children }: ModelFieldsProps & { readonly isBehind?: boolean; readonly children?: ReactNode }) {
  const found = useModelNames(owner.connection ?? "local", owner.model);
  return (
    <Stack gap="sm">
      {isBehind && (
        <div className={classes.grid}>
          <ConnectionSelect size="xs" connection={owner.connection} onChange={owner.setConnection} />
          <ModelField key={owner.connection} owner={owner} found={found} />
        </div>
      )}
      {children}
      <Group gap="sm">
        <Text size="xs" fw={500}>
          API
        </Text>
        <SegmentedControl
          size="xs"
          aria-label="API"
          value={owner.api}
          data={[
            { value: "chat", label: "Chat" },
            { value: "completion", label: "Completion" },
          ]}
          onChange={owner.setApi}
        />
      </Group>
      <ParameterFields values={owner.parameters} api={owner.api} card={isBehind ? found.card : undefined} onSet={owner.setParameter} />
    </Stack>
  );
}
