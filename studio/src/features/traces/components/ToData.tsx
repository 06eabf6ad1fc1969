import { Button, Group, Modal, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { data } from "@/api/data";
import type { DataFromTraces } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";

interface ToDataProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** The chosen traces; none means all that the search finds. */
  readonly traceIds: readonly string[];
  readonly search: Pick<DataFromTraces, "q" | "since" | "until">;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Makes a data asset, or its next version, with a row for each trace. */
export function ToData({ opened, onClose, traceIds, search }: ToDataProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("from-traces");
  const [form, setForm] = useState("columns");
  const create = useMutation({
    mutationFn: () =>
      data.fromTraces(workspace, {
        name,
        form: form === "chat" ? "chat" : "columns",
        trace_ids: [...traceIds],
        limit: 10_000,
        tags: {},
        ...(traceIds.length > 0 ? {} : search),
      }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["data", workspace] });
      onClose();
      await navigate({ to: "/w/$workspace/data/$name", params: { workspace, name: made.name } });
    },
  });
  const what = traceIds.length > 0 ? `${formatNumber(traceIds.length)} chosen ${traceIds.length === 1 ? "trace" : "traces"}` : "all traces that the search finds, at most 10,000";
  return (
    <Modal opened={opened} onClose={onClose} title="Add to a data set">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <Stack gap="md">
          <Text size="sm">A row for each of {what}. Which they were stays written in the version.</Text>
          <TextInput
            label="Data asset"
            description="If there is one of this name, it gets another version."
            value={name}
            error={NAME.test(name) ? null : "Use 1 to 100 letters, digits and . _ -, a letter or digit first."}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          <Stack gap={4}>
            <SegmentedControl
              aria-label="Form of a row"
              data={[
                { value: "columns", label: "Inputs, output, scores" },
                { value: "chat", label: "Chat messages" },
              ]}
              value={form}
              onChange={setForm}
            />
            <Text size="xs" c="dimmed">
              {form === "chat" ? "The last model call of each trace, prompt and answer, as fine-tuning takes it." : "A column for each input, the output, scores and the trace, as runs and evaluations take it."}
            </Text>
          </Stack>
          {create.error && <ErrorPanel error={create.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <GuardedButton type="submit" off={NAME.test(name) ? null : "Use 1 to 100 letters, digits and . _ -, a letter or digit first."} loading={create.isPending}>
              Create
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
