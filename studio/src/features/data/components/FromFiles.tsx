import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { data } from "@/api/data";
import type { StoredFile } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { useStores } from "../hooks/useStores";
import { nameFor, nameProblem } from "@/lib/names";
import { uriOf } from "../logic/paths";
import { baseName } from "@/lib/files";
import { FileBrowser } from "./FileBrowser";
import { NameInput } from "./NameInput";

interface SourceProps {
  readonly asset: string | undefined;
  readonly onClose: () => void;
}

/** A version of a file or folder of a datastore, without a copy. */
export function FromFiles({ asset, onClose }: SourceProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { stores } = useStores(workspace, false);
  const [chosen, setStore] = useState<string | null>(null);
  const [path, setPath] = useState("");
  const [file, setFile] = useState<StoredFile | null>(null);
  const [typed, setName] = useState<string | null>(null);
  const store = chosen ?? stores[0]?.name ?? "";
  const uri = file ? uriOf(store, file.path, "file") : uriOf(store, path, "folder");
  const name = asset ?? typed ?? nameFor(baseName(file?.path ?? path) || store);
  const create = useMutation({
    mutationFn: () => data.bookmark(workspace, uri, { name }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["data", workspace] });
      onClose();
      await navigate({ to: "/w/$workspace/data/$name", params: { workspace, name: made.name } });
    },
  });
  const go = (next: string) => {
    setFile(null);
    setPath(next);
  };
  return (
    <Stack gap="md">
      <Select
        label="Datastore"
        data={stores.map((each) => each.name)}
        value={store}
        allowDeselect={false}
        onChange={(next) => {
          setStore(next);
          go("");
        }}
      />
      {store !== "" && (
        <div style={{ height: 300, border: "1px solid var(--fy-border)", borderRadius: 6, overflow: "hidden" }}>
          <FileBrowser key={store} store={store} path={path} onGo={go} onFile={setFile} openPath={file?.path ?? null} />
        </div>
      )}
      <Text size="xs" ff="monospace" style={{ overflowWrap: "anywhere" }} role="status">
        {uri}
      </Text>
      <NameInput asset={asset} name={name} setName={setName} />
      {create.error && <ErrorPanel error={create.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <GuardedButton off={store === "" ? "Choose a datastore first." : nameProblem(name)} loading={create.isPending} onClick={() => create.mutate()}>
          Create
        </GuardedButton>
      </Group>
    </Stack>
  );
}
