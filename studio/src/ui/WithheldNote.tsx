import { Alert } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** Says what is withheld from whoever looks, why, and whom to ask: nothing is broken. */
export function WithheldNote({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Alert color="gray" variant="light" icon={<IconLock size={16} />} title={title} mb="sm">
      {children}
    </Alert>
  );
}
