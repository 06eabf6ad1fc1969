import { Grid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { overview } from "@/api/overview";
import { useWorkspace } from "@/lib/workspace";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { CardsSkeleton, TableSkeleton } from "@/ui/Skeletons";
import { Lifecycle } from "./components/Lifecycle";
import { NextSteps } from "./components/NextSteps";
import { RecentTraces } from "./components/RecentTraces";
import { RunningJobs } from "./components/RunningJobs";
import { Trends } from "./components/Trends";

/** The lifecycle with its live state, what to do next, how good and how dear it was, and what happened last. */
export function HomePage() {
  const workspace = useWorkspace();
  const query = useQuery(overview.get(workspace));
  return (
    <Page>
      <PageHeader title="Home" />
      <Loaded
        query={query}
        skeleton={
          <Stack gap="lg">
            <CardsSkeleton count={3} height={128} />
            <TableSkeleton rows={6} />
          </Stack>
        }
      >
        {(data) => (
          <Stack gap="lg">
            <Lifecycle stages={data.stages} workspace={workspace} />
            <NextSteps stages={data.stages} requests={data.requests_24h} workspace={workspace} />
            <Trends workspace={workspace} />
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, lg: 8 }}>
                <RecentTraces traces={data.traces} workspace={workspace} />
              </Grid.Col>
              <Grid.Col span={{ base: 12, lg: 4 }}>
                <RunningJobs jobs={data.jobs} workspace={workspace} />
              </Grid.Col>
            </Grid>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
