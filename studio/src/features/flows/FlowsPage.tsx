import { Page, PageHeader } from "@/ui/Page";

export function FlowsPage() {
  return (
    <Page>
      <PageHeader title="Flows" />
    </Page>
  );
}
