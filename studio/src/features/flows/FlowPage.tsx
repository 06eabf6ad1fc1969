import { Page, PageHeader } from "@/ui/Page";

export function FlowPage() {
  return (
    <Page>
      <PageHeader title="Flow" />
    </Page>
  );
}
