import { ActionIcon, Button, CloseButton, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconArrowsHorizontal, IconChevronDown, IconChevronUp, IconSearch, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { memo, type Ref } from "react";
import { formatNumber } from "@/lib/format";
import { GuardedIcon } from "@/ui/GuardedButton";
import type { SpanSearch } from "../hooks/useSpanSearch";
import type { Timeline } from "../hooks/useTimeline";
import { markText, zoomed } from "../logic/timeline";
import { ZOOM_STEP } from "./SpanTree";
import classes from "./TreeBar.module.css";

interface TreeBarProps {
  readonly search: SpanSearch;
  readonly box: Ref<HTMLInputElement>;
  readonly selected: string | null;
  readonly errors: readonly string[];
  readonly timeline: Timeline;
  readonly onFound: (back: boolean) => void;
  readonly onError: (back: boolean) => void;
  /** Escape in the search box: back to the tree. */
  readonly onLeave: () => void;
}

function SearchCount({ search, selected }: Pick<TreeBarProps, "search" | "selected">) {
  if (search.text.trim() === "") return null;
  const at = selected === null ? -1 : search.ids.indexOf(selected);
  const text = search.busy ? "…" : search.ids.length === 0 ? "none" : `${at < 0 ? "–" : formatNumber(at + 1)} of ${formatNumber(search.ids.length)}`;
  return (
    <Text span size="xs" c="dimmed" className="fy-num" role="status" style={{ whiteSpace: "nowrap" }}>
      {text}
    </Text>
  );
}

function Steps({ none, onFound }: { readonly none: boolean; readonly onFound: TreeBarProps["onFound"] }) {
  return (
    <div className={classes.steps}>
      <GuardedIcon hint="N, or Shift + Enter" size="sm" label="Previous found span" off={none ? "No span was found." : null} onClick={() => onFound(true)}>
          <IconChevronUp size={16} />
        </GuardedIcon>
      <GuardedIcon hint="n, or Enter" size="sm" label="Next found span" off={none ? "No span was found." : null} onClick={() => onFound(false)}>
          <IconChevronDown size={16} />
        </GuardedIcon>
    </div>
  );
}

/** With titles of the browser's own: it is drawn in every frame of a zoom. */
const Zoom = memo(function Zoom({ timeline }: { readonly timeline: Timeline }) {
  const { view, extent, whole } = timeline;
  const zoom = (factor: number): void => timeline.change((now) => zoomed(now, extent, factor, (now.from + now.to) / 2));
  return (
    <div className={classes.zoom}>
      {!whole && (
        <>
          <Text span size="xs" c="dimmed" className={`fy-num ${classes.range ?? ""}`} aria-label="Time in sight">
            {markText(view.from, view)} – {markText(view.to, view)}
          </Text>
          <ActionIcon title="The whole trace (0)" size="sm" aria-label="Show the whole trace" onClick={timeline.reset}>
              <IconArrowsHorizontal size={16} />
            </ActionIcon>
          <ActionIcon title="Zoom out (-)" size="sm" aria-label="Zoom out" onClick={() => zoom(1 / ZOOM_STEP)}>
              <IconZoomOut size={16} />
            </ActionIcon>
        </>
      )}
      <ActionIcon title="Zoom in (+), or the wheel with Control; drag over the time to choose a part" size="sm" aria-label="Zoom in" onClick={() => zoom(ZOOM_STEP)}>
          <IconZoomIn size={16} />
        </ActionIcon>
    </div>
  );
});

/** Above the tree: a search in the spans, the way to the next error, and the zoom. */
export function TreeBar({ search, box, selected, errors, timeline, onFound, onError, onLeave }: TreeBarProps) {
  return (
    <div className={classes.bar} role="search" aria-label="Search the spans">
      <TextInput
        ref={box}
        size="xs"
        className={classes.search}
        type="search"
        aria-label="Search names, texts and attributes"
        placeholder="Search the spans  /"
        leftSection={<IconSearch size={14} aria-hidden />}
        rightSection={search.text !== "" && <CloseButton size="xs" aria-label="Clear search" onClick={() => search.setText(null)} />}
        value={search.text}
        onChange={(event) => search.setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onFound(event.shiftKey);
          else if (event.key === "Escape") onLeave();
          else return;
          event.preventDefault();
        }}
      />
      <SearchCount search={search} selected={selected} />
      {search.text !== "" && <Steps none={search.ids.length === 0} onFound={onFound} />}
      {errors.length > 0 && (
        <Button title="Next error (e); the one before with E" size="compact-xs" variant="default" c="var(--fy-bad)" style={{ flex: "none" }} leftSection={<IconAlertTriangle size={13} />} onClick={(event) => onError(event.shiftKey)}>
            {formatNumber(errors.length)} {errors.length === 1 ? "error" : "errors"}
          </Button>
      )}
      <Zoom timeline={timeline} />
    </div>
  );
}
