import { Page, PageHeader } from "@/ui/Page";

export function TracePage() {
  return (
    <Page>
      <PageHeader title="Trace" />
    </Page>
  );
}
