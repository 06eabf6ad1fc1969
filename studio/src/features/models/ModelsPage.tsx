import { Page, PageHeader } from "@/ui/Page";

export function ModelsPage() {
  return (
    <Page>
      <PageHeader title="Models" />
    </Page>
  );
}
