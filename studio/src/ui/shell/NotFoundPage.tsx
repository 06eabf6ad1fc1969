import { IconMapOff } from "@tabler/icons-react";
import { EmptyState } from "@/ui/EmptyState";
import { ButtonLink } from "@/ui/links";
import { Page } from "@/ui/Page";

/** An address that leads nowhere. */
export function NotFoundPage({ what = "page" }: { what?: string }) {
  return (
    <Page>
      <EmptyState order={1} icon={IconMapOff} title={`There is no ${what} here`} text="It was removed or renamed, you have no right to see it, or the address has a slip in it.">
        <ButtonLink to="/">Home</ButtonLink>
      </EmptyState>
    </Page>
  );
}
