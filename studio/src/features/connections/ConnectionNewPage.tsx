import { Page, PageHeader } from "@/ui/Page";

export function ConnectionNewPage() {
  return (
    <Page>
      <PageHeader title="New" />
    </Page>
  );
}
