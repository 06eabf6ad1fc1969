import { Page, PageHeader } from "@/ui/Page";

export function HomePage() {
  return (
    <Page>
      <PageHeader title="Home" />
    </Page>
  );
}
