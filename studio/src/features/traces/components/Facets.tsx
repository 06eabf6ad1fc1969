import { ActionIcon, TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { useDebouncedValue, useLocalStorage } from "@mantine/hooks";
import { IconCheck, IconChevronDown, IconChevronRight, IconLayoutSidebarLeftCollapse, IconMinus, IconPlus, IconX } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { type TraceFilter, traces } from "@/api/traces";
import type { TraceFacet } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { RelativeTime } from "@/ui/figures";
import { choosing, chosenOf, leavingOut, lettingIn } from "../logic/choices";
import { type Choice, choicesOf, facetsOf, groupsOf, labelOf, titleOf } from "../logic/facets";
import classes from "./Facets.module.css";

const FEW = 6;
const REFRESH_MS = 15_000;
const MOST = 200;

interface FacetsProps {
  readonly filter: TraceFilter;
  readonly onClose: () => void;
}

/** Up and down go from one value to the next, Home and End to the first and the last. */
function move(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
  if (step === undefined || event.target instanceof HTMLInputElement) return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-stop]")];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return;
  event.preventDefault();
  stops[Math.min(stops.length - 1, Math.max(0, at + step))]?.focus();
}

interface ValueProps {
  readonly field: string;
  readonly choice: Choice;
  readonly search: string;
  readonly onSearch: (search: string) => void;
}

/** A value: a click chooses it besides others of its field, or takes it back. */
function Value({ field, choice, search, onSearch }: ValueProps) {
  const { q, state, traces: count } = choice;
  const on = state !== "free";
  const not = state === "left out";
  const label = labelOf(field, choice.value);
  const counted = count === null ? "" : `, ${formatNumber(count)} ${count === 1 ? "trace" : "traces"}`;
  const leaveOut = () => {
    onSearch(leavingOut(search, field, q));
  };
  const turn = () => {
    const chosen = chosenOf(search, field);
    if (not) onSearch(lettingIn(search, field, q));
    else onSearch(choosing(search, field, on ? chosen.filter((one) => one !== q) : [...chosen, q]));
  };
  return (
    <div className={classes.row} data-on={on ? true : undefined} data-not={not ? true : undefined}>
      <UnstyledButton
        data-stop
        className={classes.value}
        role="checkbox"
        aria-checked={on}
        aria-label={`${not ? "not " : ""}${label}${counted}`}
        title={label}
        onClick={turn}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key === "-" && !on) leaveOut();
        }}
      >
        <span className={classes.box} aria-hidden>
          {not ? <IconMinus size={11} stroke={3} /> : <IconCheck size={11} stroke={3} />}
        </span>
        <span className={classes.text}>{label}</span>
        {count !== null && <span className={classes.count}>{formatNumber(count)}</span>}
      </UnstyledButton>
      {!on && (
        <ActionIcon className={classes.without} size="xs" tabIndex={-1} aria-label={`Leave out ${label}`} title="Leave out (-)" onClick={leaveOut}>
          <IconMinus size={12} />
        </ActionIcon>
      )}
    </div>
  );
}

interface ValuesProps {
  readonly facet: TraceFacet;
  readonly filter: TraceFilter;
  readonly search: string;
  readonly onSearch: (search: string) => void;
}

/** The most frequent values of a field, and those that are not among them where somebody asks for more. */
function Values({ facet, filter, search, onSearch }: ValuesProps) {
  const workspace = useWorkspace();
  const title = titleOf(facet.field);
  const [all, setAll] = useState(false);
  const [typed, setTyped] = useState("");
  const [find] = useDebouncedValue(typed.trim(), 250);
  const wide = all && facet.distinct > facet.values.length;
  const more = useQuery({ ...traces.facets(workspace, filter, { field: facet.field, find, limit: MOST }), enabled: wide, placeholderData: keepPreviousData });
  const found = wide && more.data ? (more.data.facets[0] ?? { ...facet, values: [], distinct: 0 }) : facet;
  const choices = choicesOf(found, search);
  const shown = choices.filter(({ state }, place) => all || place < FEW || state !== "free");
  return (
    <>
      {wide && (
        <TextInput
          className={classes.find}
          size="xs"
          type="search"
          placeholder={`Find in ${formatNumber(facet.distinct)}`}
          aria-label={`Find in ${title}`}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
      )}
      {groupsOf(shown).map(({ name, choices: some }) => (
        <div key={name ?? ""} role="group" aria-label={name ? `${title}: ${name}` : title}>
          {name && <div className={classes.group}>{name}</div>}
          {some.map((choice) => (
            <Value key={choice.q} field={facet.field} choice={choice} search={search} onSearch={onSearch} />
          ))}
        </div>
      ))}
      {shown.length === 0 && <p className={classes.note}>{find ? "Nothing has these letters." : "No trace has it."}</p>}
      {wide && found.distinct > found.values.length && (
        <p className={classes.note}>
          The {formatNumber(found.values.length)} most frequent of {formatNumber(found.distinct)}.
        </p>
      )}
      {(all || choices.length > shown.length) && (
        <UnstyledButton
          data-stop
          className={classes.more}
          onClick={() => {
            setAll(!all);
            setTyped("");
          }}
        >
          {all ? "Show fewer" : `${formatNumber(Math.max(facet.distinct, choices.length) - shown.length)} more`}
        </UnstyledButton>
      )}
    </>
  );
}

interface FacetProps extends ValuesProps {
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly onRemove?: () => void;
}

/** One field, which opens and closes. */
function Facet({ open, onToggle, onRemove, ...values }: FacetProps) {
  const { field, distinct } = values.facet;
  const title = titleOf(field);
  return (
    <section className={classes.facet} aria-label={title}>
      <div className={classes.titleRow}>
        <UnstyledButton data-stop className={classes.title} aria-expanded={open} onClick={onToggle}>
          {open ? <IconChevronDown size={13} aria-hidden /> : <IconChevronRight size={13} aria-hidden />}
          <span className={classes.text} title={title}>
            {title}
          </span>
          {distinct > FEW && <span className={classes.many}>{formatNumber(distinct)}</span>}
        </UnstyledButton>
        {onRemove && (
          <ActionIcon size="xs" mr={8} aria-label={`Take ${title} away`} onClick={onRemove}>
            <IconX size={12} />
          </ActionIcon>
        )}
      </div>
      {open && <Values {...values} />}
    </section>
  );
}

/** A field for the name of an attribute, which becomes a facet. */
function AddAttribute({ onAdd }: { readonly onAdd: (name: string) => void }) {
  const [name, setName] = useState("");
  return (
    <form
      className={classes.facet}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") onAdd(name.trim());
        setName("");
      }}
    >
      <TextInput
        className={classes.find}
        size="xs"
        leftSection={<IconPlus size={12} aria-hidden />}
        aria-label="Count by an attribute"
        placeholder="Attribute…"
        title="Count by an attribute, for instance resource.deployment.environment; Enter adds it"
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
    </form>
  );
}

/** An attribute that was asked for: a question of its own, since attributes take longer to read. */
function AttributeFacet({ field, ...others }: Omit<FacetProps, "facet"> & { readonly field: string }) {
  const workspace = useWorkspace();
  const query = useQuery({ ...traces.facets(workspace, others.filter, { field }), placeholderData: keepPreviousData });
  return <Facet {...others} facet={query.data?.facets[0] ?? { field, values: [], distinct: 0 }} />;
}

/** What there is among the traces of the filter, counted: of a field any of what is chosen will do, and all fields have to hold. */
export function Facets({ filter, onClose }: FacetsProps) {
  const workspace = useWorkspace();
  const [search, setSearch] = useUrlState("q");
  const [asked, setAsked] = useUrlState("by");
  const [closed, setClosed] = useLocalStorage<string[]>({ key: "flowyard-facets-closed", defaultValue: [], getInitialValueInEffect: false });
  const query = useQuery({ ...traces.facets(workspace, filter), placeholderData: keepPreviousData, refetchInterval: REFRESH_MS });
  const attributes = asked.split(",").filter((name) => name !== "");
  const common = (field: string) => ({
    filter,
    search,
    onSearch: (next: string) => {
      setSearch(next === "" ? null : next);
    },
    open: !closed.includes(field),
    onToggle: () => {
      setClosed(closed.includes(field) ? closed.filter((name) => name !== field) : [...closed, field]);
    },
  });
  return (
    <aside className={classes.panel} aria-label="Facets" onKeyDown={move}>
      <div className={classes.head}>
        <h2>Filter by</h2>
        <Tooltip label="Hide">
          <ActionIcon size="sm" aria-label="Hide facets" onClick={onClose}>
            <IconLayoutSidebarLeftCollapse size={15} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.body}>
        {query.error && !query.data && <p className={classes.note}>{query.error.message}</p>}
        {query.data?.counted_from && (
          <p className={classes.note}>
            Counted: the newest {formatNumber(query.data.traces)}, since <RelativeTime value={query.data.counted_from} />.
          </p>
        )}
        {query.isPending && <p className={classes.note}>Counting…</p>}
        {facetsOf(query.data?.facets ?? [], search).map((facet) => (
          <Facet key={facet.field} facet={facet} {...common(facet.field)} />
        ))}
        {attributes.map((name) => (
          <AttributeFacet
            key={name}
            field={`attr.${name}`}
            {...common(`attr.${name}`)}
            onRemove={() => {
              setAsked(attributes.filter((other) => other !== name).join(",") || null);
            }}
          />
        ))}
        {query.data && (
          <AddAttribute
            onAdd={(name) => {
              setAsked([...new Set([...attributes, name])].join(","));
            }}
          />
        )}
      </div>
    </aside>
  );
}
