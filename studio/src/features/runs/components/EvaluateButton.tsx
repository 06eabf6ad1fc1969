import type { ButtonProps } from "@mantine/core";
import { IconGauge } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { GuardedButton } from "@/ui/GuardedButton";

/** Begins an evaluation of a run's outputs. */
export function EvaluateButton({ run, ...props }: ButtonProps & { readonly run: string }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  return (
    <GuardedButton
      {...props}
      leftSection={<IconGauge size={16} />}
      off={whyReadOnly(useRights(workspace))}
      onClick={() => {
        void navigate({ to: "/w/$workspace/runs/new", params: { workspace }, search: { run } as never });
      }}
    >
      Evaluate
    </GuardedButton>
  );
}
