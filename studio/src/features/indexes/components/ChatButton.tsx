import { notifications } from "@mantine/notifications";
import { IconMessages } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { flows } from "@/api/flows";
import { asProblem } from "@/api/problem";
import { useWorkspace } from "@/lib/workspace";
import { GuardedButton } from "@/ui/GuardedButton";

/** Makes a flow that answers from an index, or finds the one that was made before, and goes to its chat. */
export function ChatButton({ index, off }: { readonly index: string; readonly off: string | null }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const client = useQueryClient();
  const flow = `${index}-chat`;
  const make = useMutation({
    mutationFn: async () => {
      try {
        await flows.create(workspace, { name: flow, template: "documents", index });
      } catch (error) {
        if (asProblem(error).code !== "FlowExists") throw error;
      }
    },
    onSuccess: async () => {
      void client.invalidateQueries({ queryKey: flows.list(workspace).queryKey });
      await navigate({ to: "/w/$workspace/flows/$flow", params: { workspace, flow }, search: { tab: "chat" } as never });
    },
    onError: (error) => {
      const { title, detail, remedy } = asProblem(error);
      notifications.show({ color: "red", title, message: `${detail} ${remedy ?? ""}` });
    },
  });
  return (
    <GuardedButton
      variant="default"
      off={off}
      loading={make.isPending}
      leftSection={<IconMessages size={16} />}
      onClick={() => {
        make.mutate();
      }}
    >
      Chat
    </GuardedButton>
  );
}
