import { Button, Group, Modal, Select, Stack, TagsInput, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { models } from "@/api/models";
import { registry } from "@/api/registry";
import type { RegisteredModel } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { readTags, STAGES } from "../../logic/registry";

/** Registers a version that stands for a model of the catalog. Files of one's own are registered by the command. */
export function RegisterDialog({ model, onClose }: { readonly model: string | undefined; readonly onClose: () => void }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const catalog = useQuery({ ...models.list(workspace), enabled: model === undefined });
  const [chosen, choose] = useState<string | null>(model ?? null);
  const [name, setName] = useState(model ?? "");
  const [stage, setStage] = useState<RegisteredModel["stage"]>("None");
  const [tags, setTags] = useState<string[]>([]);
  const register = useMutation({
    mutationFn: () => registry.register(workspace, { name: name.trim(), model: chosen, stage, tags: readTags(tags), allow_code: false }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["registry", workspace] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>Register a version</Text>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen !== null && name.trim() !== "") register.mutate();
        }}
      >
        <Stack gap="md">
          {model === undefined && <Select label="Model of the catalog" withAsterisk searchable data={(catalog.data?.items ?? []).map((each) => ({ value: each.name, label: each.display_name }))} value={chosen} onChange={choose} />}
          <TextInput label="Name" data-autofocus withAsterisk description="A name that is taken gets its next version." value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <Select label="Stage" data={[...STAGES]} value={stage} allowDeselect={false} onChange={(next) => setStage(STAGES.find((each) => each === next) ?? "None")} />
          <TagsInput label="Tags" description="key=value, then Enter" value={tags} onChange={setTags} />
          {register.error && <ErrorPanel error={register.error} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <GuardedButton type="submit" off={chosen === null ? "Choose a model first." : name.trim() === "" ? "Give it a name first." : null} loading={register.isPending}>
              Register
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
