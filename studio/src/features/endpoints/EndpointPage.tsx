import { Page, PageHeader } from "@/ui/Page";

export function EndpointPage() {
  return (
    <Page>
      <PageHeader title="Endpoint" />
    </Page>
  );
}
