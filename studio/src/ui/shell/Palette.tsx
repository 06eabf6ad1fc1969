import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData, spotlight } from "@mantine/spotlight";
import "@mantine/spotlight/styles.css";
import { useMantineColorScheme } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconActivity, IconBox, IconDatabase, IconFileSearch, IconListCheck, IconMoon, IconPlus, IconRoute, IconSearch, IconServer2, IconSun, type TablerIcon } from "@tabler/icons-react";
import { useEffect } from "react";
import { data } from "@/api/data";
import { datastores } from "@/api/datastores";
import { endpoints } from "@/api/endpoints";
import { flows } from "@/api/flows";
import { indexes } from "@/api/indexes";
import { models } from "@/api/models";
import { runs } from "@/api/runs";
import type { Target } from "@/ui/links";
import { LIFECYCLE, SERVICES } from "./nav";

/** The command palette: places, data, datastores, indexes, models, flows, runs and endpoints by name, and the theme. Opens when it is mounted. */
export function Palette({ workspace, onClosed }: { workspace: string; onClosed: () => void }) {
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const dataList = useQuery(data.list(workspace));
  const storeList = useQuery(datastores.list(workspace));
  const indexList = useQuery(indexes.list(workspace));
  const modelList = useQuery(models.list(workspace));
  const flowList = useQuery(flows.list(workspace));
  const runList = useInfiniteQuery(runs.pages(workspace, {}));
  const endpointList = useQuery(endpoints.list(workspace));
  useEffect(() => {
    spotlight.open();
  }, []);

  const action = (label: string, icon: TablerIcon, group: string, run: () => void): SpotlightActionData => {
    const Icon = icon;
    return { id: `${group} ${label}`, label, keywords: group, onClick: run, leftSection: <Icon size={17} stroke={1.6} /> };
  };
  const go = (label: string, icon: TablerIcon, target: Target, group = "place") =>
    action(label, icon, group, () => {
      void navigate(target as { to: "/" });
    });
  const groups: SpotlightActionGroupData[] = [
    { group: "Go to", actions: [...LIFECYCLE, ...SERVICES].map((place) => go(place.label, place.icon, { to: place.to, params: { workspace } })) },
    { group: "Data", actions: (dataList.data?.items ?? []).map((asset) => go(asset.name, IconDatabase, { to: "/w/$workspace/data/$name", params: { workspace, name: asset.name } }, "data")) },
    {
      group: "Datastores",
      actions: [
        go("Connect a datastore", IconPlus, { to: "/w/$workspace/data/new/datastore", params: { workspace } }, "datastore"),
        ...(storeList.data?.items ?? []).map((store) => go(store.name, IconServer2, { to: "/w/$workspace/data/datastores/$store", params: { workspace, store: store.name } }, "datastore")),
      ],
    },
    {
      group: "Indexes",
      actions: [
        go("New index", IconPlus, { to: "/w/$workspace/indexes/new", params: { workspace } }, "index"),
        ...(indexList.data ?? []).map((index) => go(index.name, IconFileSearch, { to: "/w/$workspace/indexes/$name", params: { workspace, name: index.name } }, "index")),
      ],
    },
    { group: "Models", actions: (modelList.data?.items ?? []).map((model) => go(model.display_name, IconBox, { to: "/w/$workspace/models/$name", params: { workspace, name: model.name } }, "model")) },
    { group: "Flows", actions: (flowList.data?.items ?? []).map((flow) => go(flow.name, IconRoute, { to: "/w/$workspace/flows/$flow", params: { workspace, flow: flow.name } }, "flow")) },
    {
      group: "Runs",
      actions: [
        go("New run", IconPlus, { to: "/w/$workspace/runs/new", params: { workspace } }, "run"),
        ...(runList.data?.pages[0]?.items ?? []).map((run) =>
          go(run.display_name ?? run.name, IconListCheck, { to: "/w/$workspace/runs/$name", params: { workspace, name: run.name } }, "run"),
        ),
      ],
    },
    {
      group: "Endpoints",
      actions: (endpointList.data?.items ?? []).map((endpoint) => go(endpoint.name, IconActivity, { to: "/w/$workspace/endpoints/$name", params: { workspace, name: endpoint.name } }, "endpoint")),
    },
    {
      group: "Theme",
      actions: [
        action("Light theme", IconSun, "theme", () => { setColorScheme("light"); }),
        action("Dark theme", IconMoon, "theme", () => { setColorScheme("dark"); }),
      ],
    },
  ];
  return (
    <Spotlight
      actions={groups.filter((group) => group.actions.length > 0)}
      nothingFound="Nothing by that name"
      highlightQuery
      limit={30}
      scrollable
      maxHeight={420}
      shortcut={null}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      onSpotlightClose={onClosed}
      transitionProps={{ duration: 80 }}
      searchProps={{ leftSection: <IconSearch size={17} />, placeholder: "Go to a place, data, an index, a model, a flow, a run, an endpoint" }}
    />
  );
}
