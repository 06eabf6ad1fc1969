import { Grid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { overview } from "@/api/overview";
import { useWorkspace } from "@/lib/workspace";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { CardsSkeleton, TableSkeleton } from "@/ui/Skeletons";
import { DayFigures } from "./components/DayFigures";
import { Lifecycle } from "./components/Lifecycle";
import { NextSteps } from "./components/NextSteps";
import { RecentTraces } from "./components/RecentTraces";
import { RunningJobs } from "./components/RunningJobs";

/** The lifecycle with its live state, what to do next, and what happened last. */
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
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, lg: 8 }}>
                <RecentTraces traces={data.traces} workspace={workspace} />
              </Grid.Col>
              <Grid.Col span={{ base: 12, lg: 4 }}>
                <Stack gap="lg">
                  <DayFigures overview={data} workspace={workspace} />
                  <RunningJobs jobs={data.jobs} workspace={workspace} />
                </Stack>
              </Grid.Col>
            </Grid>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
