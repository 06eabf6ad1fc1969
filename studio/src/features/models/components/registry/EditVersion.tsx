import { Button, Group, Modal, Select, Stack, TagsInput, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { session } from "@/api/identity";
import { registry } from "@/api/registry";
import type { RegisteredModel } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { readTags, STAGES, writeTags } from "../../logic/registry";

interface VersionDialogProps {
  readonly version: RegisteredModel;
  readonly onClose: () => void;
}

function StageField({ value, onChange }: { readonly value: RegisteredModel["stage"]; readonly onChange: (stage: RegisteredModel["stage"]) => void }) {
  return <Select label="Stage" data={[...STAGES]} value={value} allowDeselect={false} onChange={(next) => onChange(STAGES.find((each) => each === next) ?? "None")} />;
}

/** Changes what may change of a version: stage, aliases, tags, description. */
export function EditVersion({ version, onClose }: VersionDialogProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const [stage, setStage] = useState(version.stage);
  const [aliases, setAliases] = useState([...version.aliases]);
  const [tags, setTags] = useState(() => writeTags(version.tags));
  const [description, setDescription] = useState(version.description ?? "");
  const save = useMutation({
    mutationFn: () => registry.update(workspace, version, { stage, aliases, tags: readTags(tags), description }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["registry", workspace] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{`${version.name} ${version.version}`}</Text>}>
      <Stack gap="md">
        <StageField value={stage} onChange={setStage} />
        <TagsInput label="Aliases" description="One that another version has moves here." value={aliases} onChange={setAliases} />
        <TagsInput label="Tags" description="key=value, then Enter" value={tags} onChange={setTags} />
        <Textarea label="Description" autosize minRows={2} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
        {save.error && <ErrorPanel error={save.error} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={save.isPending} onClick={() => save.mutate()}>
            Save
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Copies a version to another workspace, where the same person may write too. */
export function PromoteVersion({ version, onClose }: VersionDialogProps) {
  const workspace = useWorkspace();
  const me = useQuery(session.me());
  const others = (me.data?.workspaces ?? []).filter(({ name, role }) => name !== workspace && (role === "owner" || role === "contributor"));
  const [chosen, choose] = useState<string | null>(null);
  const [stage, setStage] = useState<RegisteredModel["stage"]>("Staging");
  const promote = useMutation({ mutationFn: (target: string) => registry.promote(workspace, version, target, stage) });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{`Promote ${version.name} ${version.version}`}</Text>}>
      <Stack gap="md">
        {me.isSuccess && others.length === 0 && <Text size="sm">There is no other workspace that you may change: an owner of one lets you in as a contributor.</Text>}
        <Select label="To the workspace" data={others.map(({ name }) => name)} value={chosen} disabled={others.length === 0} onChange={choose} />
        <StageField value={stage} onChange={setStage} />
        {promote.error && <ErrorPanel error={promote.error} />}
        {promote.data && (
          <Text size="sm" role="status">
            {`${chosen ?? "The other workspace"} has it as ${promote.data.reference}.`}
          </Text>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {promote.data ? "Close" : "Cancel"}
          </Button>
          {!promote.data && (
            <GuardedButton off={chosen === null ? "Choose a workspace first." : null} loading={promote.isPending} onClick={() => chosen !== null && promote.mutate(chosen)}>
              Promote
            </GuardedButton>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
