import { Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { flows } from "@/api/flows";
import { indexes } from "@/api/indexes";
import type { IndexTuning, TuningTrial } from "@/api/types";
import { nameProblem } from "@/lib/names";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { bestVariant, cutOf, searchOf } from "../logic/tuned";

interface AdoptProps {
  readonly tuning: IndexTuning;
  readonly trial: TuningTrial;
  readonly onClose: () => void;
}

/** Makes a flow of a trial, and has the version of the index built that it asks. */
export function AdoptTuning({ tuning, trial, onClose }: AdoptProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(`${tuning.index}-answers`);
  const variants = tuning.answers?.variants ?? [];
  const [variant, setVariant] = useState(variants.length > 0 ? bestVariant(tuning, trial) : null);
  const problem = nameProblem(name);
  const present = tuning.trials?.[0];
  const builds = present !== undefined && (cutOf(present.configuration) !== cutOf(trial.configuration) || present.configuration.embedding_model !== trial.configuration.embedding_model);
  const adopt = useMutation({
    mutationFn: () => indexes.adopt(workspace, tuning.index, tuning.id, { flow: name, trial: trial.id, ...(variant === null ? {} : { variant }) }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["indexes", workspace] });
      void client.invalidateQueries({ queryKey: flows.list(workspace).queryKey });
      await navigate({ to: "/w/$workspace/flows/$flow", params: { workspace, flow: made.flow }, search: {} as never });
    },
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>Make {trial.id} a flow</Text>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (problem === null) adopt.mutate();
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            {tuning.answers ? `${tuning.answers.flow} once more, with another lookup` : "A flow that answers with citations"}: {cutOf(trial.configuration)}; {searchOf(trial.configuration)} search; {trial.configuration.top_k} chunks. What else is on the frontier of the same index becomes variants of its node {tuning.answers?.lookup ?? "find"}.
          </Text>
          {builds && (
            <Text size="sm">A version of {tuning.index} that is cut so is built at once. Until it is there, the flow asks the version before, and so does everybody who names no version afterwards.</Text>
          )}
          <TextInput label="Name of the flow" data-autofocus value={name} error={problem} onChange={(event) => setName(event.currentTarget.value)} />
          {variants.length > 0 && (
            <Select label="It answers with" data={variants.map((each) => ({ value: each, label: each.slice(2, -1) }))} value={variant} allowDeselect={false} onChange={setVariant} />
          )}
          {adopt.error && <ErrorPanel error={adopt.error} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <GuardedButton type="submit" off={problem} loading={adopt.isPending}>
              Make the flow
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
