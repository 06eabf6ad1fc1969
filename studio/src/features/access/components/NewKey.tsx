import { Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { keys } from "@/api/identity";
import type { ApiKeyCreated, Role } from "@/api/types";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { RoleSelect } from "./RoleSelect";

const LIVES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "", label: "Never" },
];

interface NewKeyProps {
  opened: boolean;
  onClose: () => void;
  workspace: string;
  onCreated: (created: ApiKeyCreated) => Promise<void>;
}

/** Makes a key. */
export function NewKey({ opened, onClose, workspace, onCreated }: NewKeyProps) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("invoker");
  const [days, setDays] = useState("90");
  const create = useMutation({
    mutationFn: () => keys.create(workspace, { name: name.trim(), role, expires_in_days: days ? Number(days) : null }),
    onSuccess: async (created) => {
      setName("");
      onClose();
      await onCreated(created);
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={600}>New API key</Text>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <Stack gap="md">
          <TextInput label="Name" data-autofocus description="What uses it, to recognise it by" placeholder="support-frontend" value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <RoleSelect value={role} onChange={setRole} />
          <Select label="Expires after" data={LIVES} value={days} allowDeselect={false} onChange={(value) => setDays(value ?? "")} />
          {create.error && <ErrorPanel error={create.error} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <GuardedButton type="submit" loading={create.isPending} off={name.trim() === "" ? "Give it a name first." : null}>
              Make the key
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
