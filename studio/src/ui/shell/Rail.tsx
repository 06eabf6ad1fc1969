import { Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconCheck, IconSelector } from "@tabler/icons-react";
import type { Me } from "@/api/types";
import { LIFECYCLE, type Place, SERVICES } from "./nav";
import classes from "./Shell.module.css";

function PlaceLink({ place, workspace }: { place: Place; workspace: string }) {
  const Icon = place.icon;
  return (
    <Link to={place.to as "/"} params={{ workspace } as never} activeOptions={{ exact: place.to === "/w/$workspace", includeSearch: false }} className={classes.item} title={place.label}>
      <Icon size={17} stroke={1.7} aria-hidden />
      <span>{place.label}</span>
    </Link>
  );
}

function WorkspaceSwitcher({ me, workspace }: { me: Me; workspace: string }) {
  const current = me.workspaces.find((entry) => entry.name === workspace);
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <button type="button" className={classes.switcher} aria-label={`Workspace ${workspace}`}>
          <img src="/icon.svg" alt="" className={classes.mark} />
          <span className={`${classes.workspace} fy-truncate`}>{current?.display_name ?? workspace}</span>
          <IconSelector size={15} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Workspaces</Menu.Label>
        {me.workspaces.map((entry) => (
          <Menu.Item
            key={entry.name}
            fz="sm"
            component={Link}
            to={`/w/${entry.name}`}
            rightSection={entry.name === workspace ? <IconCheck size={14} /> : <span style={{ fontSize: 12, opacity: 0.7 }}>{entry.role}</span>}
          >
            {entry.display_name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The left rail: workspace, lifecycle in order, services. */
export function Rail({ me, workspace }: { me: Me; workspace: string }) {
  return (
    <nav className={classes.rail} aria-label="Main">
      <WorkspaceSwitcher me={me} workspace={workspace} />
      {LIFECYCLE.map((place) => (
        <PlaceLink key={place.to} place={place} workspace={workspace} />
      ))}
      <div className={classes.divider} role="separator" />
      {SERVICES.map((place) => (
        <PlaceLink key={place.to} place={place} workspace={workspace} />
      ))}
      <div className={classes.foot}>Flowyard {me.version}</div>
    </nav>
  );
}
