import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { CodeBlock } from "./CodeBlock";

interface ShownOnceProps {
  title: string;
  text: ReactNode;
  secret: string | undefined;
  onClose: () => void;
}

/** A key or link that is shown this once. Closes only by its button, so that it is not lost to a stray click. */
export function ShownOnce({ title, text, secret, onClose }: ShownOnceProps) {
  return (
    <Modal opened={secret !== undefined} onClose={onClose} title={<Text fw={600}>{title}</Text>} closeOnClickOutside={false} closeOnEscape={false} withCloseButton={false} size="lg">
      <Stack gap="md">
        <Text size="sm">{text}</Text>
        <CodeBlock code={secret ?? ""} wrap />
        <Group justify="flex-end">
          <Button onClick={onClose}>I have copied it</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
