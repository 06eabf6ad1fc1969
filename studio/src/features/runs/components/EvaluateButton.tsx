import type { ButtonProps } from "@mantine/core";
import { IconGauge } from "@tabler/icons-react";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { ButtonLink } from "@/ui/links";
import { GuardedButton } from "@/ui/GuardedButton";

/** Leads to an evaluation of a run's outputs; says why, where one may not begin any. */
export function EvaluateButton({ run, ...props }: ButtonProps & { readonly run: string }) {
  const workspace = useWorkspace();
  const off = whyReadOnly(useRights(workspace));
  const icon = <IconGauge size={16} />;
  if (off !== null) {
    return (
      <GuardedButton {...props} leftSection={icon} off={off}>
        Evaluate
      </GuardedButton>
    );
  }
  return (
    <ButtonLink {...props} leftSection={icon} to="/w/$workspace/runs/new" params={{ workspace }} search={{ run } as never}>
      Evaluate
    </ButtonLink>
  );
}
