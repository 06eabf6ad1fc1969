import { Button, Checkbox, Group, Modal, NumberInput, SimpleGrid, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { gateway } from "@/api/gateway";
import type { Limits } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { BOUNDS, type Bound } from "../logic/limits";

interface LimitsDialogProps {
  /** A key's name; null: the workspace. */
  readonly name: string | null;
  readonly limits: Limits;
  readonly onClose: () => void;
}

type Draft = Readonly<Record<Bound["name"], number | string>>;

function draftOf(limits: Limits): Draft {
  return {
    requests_per_minute: limits.requests_per_minute ?? "",
    tokens_per_minute: limits.tokens_per_minute ?? "",
    dollars_per_day: limits.dollars_per_day ?? "",
    dollars_per_month: limits.dollars_per_month ?? "",
  };
}

function limitsOf(draft: Draft, refuse: boolean): Limits {
  const bounds = BOUNDS.map(({ name }) => [name, typeof draft[name] === "number" ? draft[name] : null] as const);
  return { ...Object.fromEntries(bounds), unknown_price: refuse ? "refuse" : "allow" };
}

/** Sets the limits of a key or of the workspace. */
export function LimitsDialog({ name, limits, onClose }: LimitsDialogProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(limits));
  const [refuse, setRefuse] = useState(limits.unknown_price === "refuse");
  const save = useMutation({
    mutationFn: async (): Promise<void> => {
      const wanted = limitsOf(draft, refuse);
      await (name === null ? gateway.setLimits(workspace, wanted) : gateway.setKeyLimits(workspace, name, wanted));
    },
    onSuccess: async () => {
      await Promise.all([client.invalidateQueries({ queryKey: ["gateway", workspace, "limits"] }), client.invalidateQueries({ queryKey: ["keys", workspace] })]);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} size={520} title={<Text fw={600}>{name === null ? "Limits of the workspace" : `Limits of the key ${name}`}</Text>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            Minutes, days and months are those of UTC. Over a limit calls are answered 429 with when to come back. A change holds within a second.
          </Text>
          <SimpleGrid cols={2} spacing="md" verticalSpacing={12}>
            {BOUNDS.map((bound) => (
              <NumberInput
                key={bound.name}
                label={bound.label}
                placeholder="No limit"
                min={0}
                allowDecimal={bound.money}
                thousandSeparator=","
                prefix={bound.money ? "$" : ""}
                value={draft[bound.name]}
                onChange={(value) => {
                  setDraft((before) => ({ ...before, [bound.name]: value }));
                }}
              />
            ))}
          </SimpleGrid>
          <Checkbox
            label="Refuse models without a known price"
            description="Else they count as costing nothing against a budget."
            checked={refuse}
            onChange={(event) => {
              setRefuse(event.currentTarget.checked);
            }}
          />
          {save.error && <ErrorPanel error={save.error} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save limits
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
