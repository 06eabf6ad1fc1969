import { ActionIcon, Button, Menu, Stack, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { cardSays, type Parameter, parameterText, parametersFor, parsedParameter } from "../../logic/parameters";
import type { Model } from "../../model";
import classes from "./editors.module.css";
import { Saved, tried } from "./Saved";

interface ParameterFieldsProps {
  /** The parameters that are set; others may be in it, too. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly api: string;
  readonly card: Model | undefined;
  /** Sets a parameter, or takes it away where the value is undefined. */
  readonly onSet: (name: string, value: unknown) => void;
}

/** Parameters that have a field also while they are not set. */
const USUAL: readonly string[] = ["temperature", "max_tokens"];

interface FieldProps extends Pick<ParameterFieldsProps, "values" | "onSet"> {
  readonly parameter: Parameter;
  readonly warning: string | null;
  readonly onGone: () => void;
}

function Field({ values, onSet, parameter, warning, onGone }: FieldProps) {
  const { name } = parameter;
  const value = values[name];
  const isSet = value !== undefined;
  const unset = () => {
    if (isSet) onSet(name, undefined);
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
        return tried(() => {
          onSet(name, parsed.value);
        });
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

/** The parameters of a model's call that are set, and a menu of the others that its API takes. */
export function ParameterFields({ values, api, card, onSet }: ParameterFieldsProps) {
  const [opened, setOpened] = useState<readonly string[]>([]);
  const all = parametersFor(api);
  const shown = all.filter(({ name }) => name in values || USUAL.includes(name) || opened.includes(name));
  const rest = all.filter((each) => !shown.includes(each));
  return (
    <Stack gap="xs">
      <div className={classes.grid}>
        {shown.map((parameter) => (
          <Field
            key={parameter.name}
            values={values}
            onSet={onSet}
            parameter={parameter}
            warning={cardSays(card, parameter, values[parameter.name])}
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
