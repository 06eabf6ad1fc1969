import { ActionIcon, Button, Group, Input, PasswordInput, Stack, Switch, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { Pair } from "../form";

interface PairsInputProps {
  pairs: Pair[];
  error: string | undefined;
  onChange: (pairs: Pair[]) => void;
}

/** Keys and values of a custom connection; each may be a secret. */
export function PairsInput({ pairs, error, onChange }: PairsInputProps) {
  const patch = (id: number, part: Partial<Pair>) => {
    onChange(pairs.map((pair) => (pair.id === id ? { ...pair, ...part } : pair)));
  };
  return (
    <Input.Wrapper label="Keys" error={error} labelElement="div">
      <Stack gap="sm">
        {pairs.map((pair) => {
          const Value = pair.secret ? PasswordInput : TextInput;
          return (
            <Group key={pair.id} gap="sm" wrap="nowrap">
              <TextInput aria-label="Key" placeholder="Key" w={180} value={pair.key} onChange={(event) => patch(pair.id, { key: event.currentTarget.value, kept: false })} />
              <Value
                aria-label={`Value of ${pair.key || "the key"}`}
                placeholder={pair.kept ? "Set. Leave empty to keep it." : "Value"}
                style={{ flex: 1 }}
                autoComplete="off"
                value={pair.value}
                onChange={(event) => patch(pair.id, { value: event.currentTarget.value })}
              />
              <Switch label="Secret" checked={pair.secret} onChange={(event) => patch(pair.id, { secret: event.currentTarget.checked, kept: false })} />
              <ActionIcon aria-label={`Remove ${pair.key || "this key"}`} onClick={() => onChange(pairs.filter((other) => other.id !== pair.id))}>
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
          );
        })}
        <Group>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => onChange([...pairs, { id: Math.max(-1, ...pairs.map((pair) => pair.id)) + 1, key: "", value: "", secret: false, kept: false }])}
          >
            Add a key
          </Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  );
}
