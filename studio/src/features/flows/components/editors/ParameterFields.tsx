import { ActionIcon, Button, Menu, Stack, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useFlow } from "../../hooks/useFlowDocument";
import { removeInput, setInput } from "../../logic/edits/nodes";
import { cardSays, type Parameter, parameterText, parametersFor, parsedParameter } from "../../logic/parameters";
import type { GraphNode, Model } from "../../model";
import classes from "./editors.module.css";
import { Saved } from "./Saved";

interface ParameterFieldsProps {
  readonly node: GraphNode;
  readonly api: string;
  readonly card: Model | undefined;
}

/** Parameters that have a field also while they are not set. */
const USUAL: readonly string[] = ["temperature", "max_tokens"];

interface FieldProps {
  readonly node: GraphNode;
  readonly parameter: Parameter;
  readonly warning: string | null;
  readonly onGone: () => void;
}

function Field({ node, parameter, warning, onGone }: FieldProps) {
  const { edit } = useFlow();
  const { name } = parameter;
  const value = node.inputs?.[name];
  const isSet = value !== undefined;
  const unset = () => {
    if (isSet)
      edit(`Unset ${name} of ${node.name}`, (doc) => {
        removeInput(doc, node.name, name);
      });
    onGone();
  };
  return (
    <Saved
      label={name}
      description={warning ?? parameter.about}
      inputWrapperOrder={["label", "input", "error", "description"]}
      styles={{ ...(warning === null ? {} : { description: { color: "var(--fy-warn)" } }) }}
      placeholder="The model's own"
      data={[...(parameter.offers ?? [])]}
      saved={parameterText(value)}
      onSave={(text) => {
        if (text.trim() === "") {
          unset();
          return null;
        }
        const parsed = parsedParameter(parameter, text);
        if ("problem" in parsed) return parsed.problem;
        edit(`Set ${name} of ${node.name}`, (doc) => {
          setInput(doc, node.name, name, parsed.value);
        });
        return null;
      }}
      rightSection={
        isSet || !USUAL.includes(name) ? (
          <ActionIcon size={22} variant="subtle" color="gray" aria-label={`Unset ${name}`} onClick={unset}>
            <IconX size={14} />
          </ActionIcon>
        ) : undefined
      }
    />
  );
}

/** The parameters of an LLM node that are set, and a menu of the others that its API takes. */
export function ParameterFields({ node, api, card }: ParameterFieldsProps) {
  const [opened, setOpened] = useState<readonly string[]>([]);
  const inputs = node.inputs ?? {};
  const all = parametersFor(api);
  const shown = all.filter(({ name }) => name in inputs || USUAL.includes(name) || opened.includes(name));
  const rest = all.filter((each) => !shown.includes(each));
  return (
    <Stack gap="xs">
      <div className={classes.grid}>
        {shown.map((parameter) => (
          <Field
            key={parameter.name}
            node={node}
            parameter={parameter}
            warning={cardSays(card, parameter, inputs[parameter.name])}
            onGone={() => {
              setOpened((before) => before.filter((name) => name !== parameter.name));
            }}
          />
        ))}
      </div>
      {rest.length > 0 && (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button size="compact-xs" variant="default" leftSection={<IconPlus size={13} />} style={{ alignSelf: "flex-start" }}>
              Add parameter
            </Button>
          </Menu.Target>
          <Menu.Dropdown mah={360} style={{ overflowY: "auto" }}>
            {rest.map(({ name, about }) => (
              <Menu.Item
                key={name}
                onClick={() => {
                  setOpened((before) => [...before, name]);
                }}
              >
                <Text size="sm" ff="monospace" fz={12}>
                  {name}
                </Text>
                <Text size="xs" c="dimmed">
                  {about}
                </Text>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </Stack>
  );
}
