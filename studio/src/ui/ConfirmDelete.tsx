import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ErrorPanel } from "./ErrorPanel";
import { GuardedButton } from "./GuardedButton";

interface ConfirmDeleteProps {
  opened: boolean;
  onClose: () => void;
  /** What is removed, as in "endpoint support". */
  what: string;
  /** What goes with it, and what does not come back. */
  consequence: ReactNode;
  /** When set, the person has to type it. */
  typeToConfirm?: string;
  action?: string;
  onConfirm: () => Promise<unknown>;
}

/** Asks before something is lost. Stays open and says why when it fails. */
export function ConfirmDelete({ opened, onClose, what, consequence, typeToConfirm, action = "Delete", onConfirm }: ConfirmDeleteProps) {
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const close = () => {
    setTyped("");
    setError(undefined);
    onClose();
  };
  const confirm = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      close();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={close} title={<Text fw={600}>{`${action} ${what}?`}</Text>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        <Stack gap="md">
          <Text size="sm">{consequence}</Text>
          {typeToConfirm !== undefined && (
            <TextInput
              label={`Type ${typeToConfirm} to go on`}
              value={typed}
              data-autofocus
              onChange={(event) => {
                setTyped(event.currentTarget.value);
              }}
            />
          )}
          {error !== undefined && <ErrorPanel error={error} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <GuardedButton color="red" type="submit" loading={busy} off={typeToConfirm !== undefined && typed !== typeToConfirm ? `Type ${typeToConfirm} first.` : null}>
              {action}
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
