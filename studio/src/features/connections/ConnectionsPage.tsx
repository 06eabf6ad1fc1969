import { Page, PageHeader } from "@/ui/Page";

export function ConnectionsPage() {
  return (
    <Page>
      <PageHeader title="Connections" />
    </Page>
  );
}
