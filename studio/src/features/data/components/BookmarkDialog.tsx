import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { data } from "@/api/data";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { nameFor, nameProblem } from "@/lib/names";
import { baseName } from "@/lib/files";
import { GuardedButton } from "@/ui/GuardedButton";

/** What an asset is made of: the address of a file or folder of a datastore. */
export interface Bookmarked {
  readonly uri: string;
  readonly kind: "file" | "folder";
}

function suggestion(uri: string): string {
  const path = uri.replace(/\/$/, "");
  const last = baseName(path);
  return nameFor(last === "paths" ? (path.split("/").at(-2) ?? "") : last);
}

/** Makes a data asset of what is in a datastore, without a copy. Mount it anew for each address. */
export function BookmarkDialog({ what, onClose }: { readonly what: Bookmarked; readonly onClose: () => void }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(() => suggestion(what.uri));
  const [description, setDescription] = useState("");
  const create = useMutation({
    mutationFn: () => data.bookmark(workspace, what.uri, { name, ...(description === "" ? {} : { description }) }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["data", workspace] });
      await navigate({ to: "/w/$workspace/data/$name", params: { workspace, name: made.name }, search: { version: made.version } as never });
    },
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{`Data asset from a ${what.kind}`}</Text>} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (nameProblem(name) === null) create.mutate();
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            The version keeps the address and a fingerprint of what is there now; nothing is copied. Whoever reads it is told when the {what.kind} has changed.
          </Text>
          <Text size="xs" ff="monospace" style={{ overflowWrap: "anywhere" }}>
            {what.uri}
          </Text>
          <TextInput label="Name" data-autofocus description="Runs name it azureml:<name>:<version>. A name that is taken gets its next version." value={name} error={name === "" ? null : nameProblem(name)} onChange={(event) => setName(event.currentTarget.value)} />
          <Textarea label="Description" placeholder="Optional" autosize minRows={2} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
          {create.error && <ErrorPanel error={create.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <GuardedButton type="submit" off={nameProblem(name)} loading={create.isPending}>
              Create
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
