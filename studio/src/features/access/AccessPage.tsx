import { Page, PageHeader } from "@/ui/Page";

export function AccessPage() {
  return (
    <Page>
      <PageHeader title="Access" />
    </Page>
  );
}
