import { Center, Loader } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { session } from "@/api/identity";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Page } from "@/ui/Page";
import { NotFoundPage } from "./NotFoundPage";
import { Rail } from "./Rail";
import classes from "./Shell.module.css";
import { TopBar } from "./TopBar";

const Palette = lazy(async () => ({ default: (await import("./Palette")).Palette }));

/** What is around every view of a workspace. */
export function Shell() {
  const workspace = useWorkspace();
  const me = useQuery(session.me());
  const [palette, setPalette] = useState(false);
  const openPalette = () => {
    setPalette(true);
  };
  useHotkeys([["mod+K", openPalette]], [], true);

  if (me.error) {
    return (
      <Page narrow>
        <ErrorPanel
          error={me.error}
          onRetry={() => {
            void me.refetch();
          }}
        />
      </Page>
    );
  }
  if (!me.data) {
    return (
      <Center h="100%">
        <Loader size="sm" role="img" aria-label="Loading" />
      </Center>
    );
  }
  if (!me.data.workspaces.some((entry) => entry.name === workspace)) return <NotFoundPage what={`workspace ${workspace}`} />;
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        Skip to content
      </a>
      <Rail me={me.data} workspace={workspace} />
      <TopBar me={me.data} workspace={workspace} onPalette={openPalette} />
      <main id="main" className={classes.main} tabIndex={-1} key={workspace}>
        <Outlet />
      </main>
      {palette && (
        <Suspense>
          <Palette
            workspace={workspace}
            onClosed={() => {
              setPalette(false);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
