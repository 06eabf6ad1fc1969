import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Page } from "@/ui/Page";

/** What is shown when a view itself fails. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  return (
    <Page narrow>
      <ErrorPanel error={error} onRetry={reset} />
    </Page>
  );
}
