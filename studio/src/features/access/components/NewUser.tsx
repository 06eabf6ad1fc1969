import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { users } from "@/api/identity";
import type { Role, User } from "@/api/types";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { RoleSelect } from "./RoleSelect";

interface NewUserProps {
  opened: boolean;
  onClose: () => void;
  workspace: string;
  onCreated: (user: User) => Promise<void>;
}

/** Lets a person in; a sign-in link for them follows. */
export function NewUser({ opened, onClose, workspace, onCreated }: NewUserProps) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("contributor");
  const create = useMutation({
    mutationFn: () => users.create(workspace, { name: name.trim(), role }),
    onSuccess: async (user) => {
      setName("");
      onClose();
      await onCreated(user);
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={600}>Add a person</Text>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <Stack gap="md">
          <TextInput label="Name" data-autofocus placeholder="maria.lopez" value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <RoleSelect value={role} onChange={setRole} />
          {create.error && <ErrorPanel error={create.error} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <GuardedButton type="submit" loading={create.isPending} off={name.trim() === "" ? "Say who it is first." : null}>
              Add, and make a sign-in link
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
