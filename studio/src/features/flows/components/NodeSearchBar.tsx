import { CloseButton, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp, IconSearch } from "@tabler/icons-react";
import { useRef } from "react";
import { formatNumber } from "@/lib/format";
import { GuardedIcon } from "@/ui/GuardedButton";
import type { NodeSearch } from "../hooks/useNodeSearch";
import classes from "./NodeSearchBar.module.css";

interface NodeSearchBarProps {
  readonly search: NodeSearch;
  /** Called with Escape, when the search is over: the focus goes to what was found. */
  readonly onLeave: (current: string | null) => void;
}

/** Finds nodes: Ctrl+F goes there, Enter and Shift+Enter to the next and the one before, Escape back to the nodes. */
export function NodeSearchBar({ search, onLeave }: NodeSearchBarProps) {
  const field = useRef<HTMLInputElement>(null);
  const { query, setQuery, found, at, step } = search;
  useHotkeys([["mod+F", () => { field.current?.select(); }]]);
  return (
    <search className={classes.bar} aria-label="Nodes">
      <TextInput
        ref={field}
        size="xs"
        className={classes.field ?? ""}
        aria-label="Find nodes"
        aria-keyshortcuts="Control+F"
        placeholder="Find nodes"
        title="Name, tool, file, model, inputs, and text of the prompt or code (Ctrl+F)"
        leftSection={<IconSearch size={14} aria-hidden />}
        value={query}
        rightSection={query !== "" && <CloseButton size="xs" aria-label="Clear search" onClick={() => { setQuery(""); }} />}
        onChange={(event) => { setQuery(event.currentTarget.value); }}
        onKeyDown={(event) => {
          if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
          if (event.key === "Escape") onLeave(search.current);
        }}
      />
      {query.trim() !== "" && (
        <>
          <span className={classes.count} role="status">
            {found.length === 0 ? "None found" : `${formatNumber(at + 1)} of ${formatNumber(found.length)}`}
          </span>
          <GuardedIcon size="sm" label="Previous node found" hint="Shift+Enter" off={found.length < 2 ? "No other node was found." : null} onClick={() => { step(-1); }}>
            <IconChevronUp size={15} />
          </GuardedIcon>
          <GuardedIcon size="sm" label="Next node found" hint="Enter" off={found.length < 2 ? "No other node was found." : null} onClick={() => { step(1); }}>
            <IconChevronDown size={15} />
          </GuardedIcon>
        </>
      )}
    </search>
  );
}
