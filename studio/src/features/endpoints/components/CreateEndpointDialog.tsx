import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { endpoints } from "@/api/endpoints";
import type { AuthMode } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { nameProblem } from "../logic/names";
import { AuthModeField } from "./AuthModeField";

interface CreateEndpointDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly taken: readonly string[];
}

function Form({ onClose, taken }: Omit<CreateEndpointDialogProps, "opened">) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [authMode, setAuthMode] = useState<AuthMode>("key");
  const problem = taken.includes(name) ? "There is an endpoint of this name already." : nameProblem(name);
  const create = useMutation({
    mutationFn: () => endpoints.create(workspace, { name, description: description.trim() === "" ? null : description.trim(), auth_mode: authMode }),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: endpoints.list(workspace).queryKey });
      onClose();
      void navigate({ to: "/w/$workspace/endpoints/$name", params: { workspace, name: made.name } });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === null) create.mutate();
      }}
    >
      <Stack gap="md">
        <TextInput
          label="Name"
          description="The name that callers use, in its address: 3 to 32 letters, digits and hyphens, a letter first."
          value={name}
          error={name === "" ? null : problem}
          data-autofocus
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <Textarea
          label="Description"
          autosize
          minRows={2}
          value={description}
          onChange={(event) => {
            setDescription(event.currentTarget.value);
          }}
        />
        <AuthModeField value={authMode} onChange={setAuthMode} />
        {create.error && <ErrorPanel error={create.error} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <GuardedButton type="submit" off={problem} loading={create.isPending}>
            Create endpoint
          </GuardedButton>
        </Group>
      </Stack>
    </form>
  );
}

/** Makes an endpoint without deployments. */
export function CreateEndpointDialog({ opened, onClose, taken }: CreateEndpointDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={600}>New endpoint</Text>}>
      <Form onClose={onClose} taken={taken} />
    </Modal>
  );
}
