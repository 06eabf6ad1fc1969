/** A run of lines of one text, `from` up to before `to`, that another text has as `lines`. */
export interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** What became of two changes of one text. `clashes`: how many places both changed, each in its own way. */
export interface Merged {
  readonly text: string;
  readonly clashes: number;
}

/** More differing lines than this are taken as one change: the search for the shortest one costs their square. */
const MOST_DIFFERENCES = 2000;

/** Cuts a text into lines that keep their ends, so that joining them gives the text back byte for byte. */
export function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The furthest reaching paths of each number of differences (E. Myers, "An O(ND) difference algorithm and its variations", 1986); null: too many. */
function paths(left: readonly string[], right: readonly string[]): Int32Array[] | null {
  const most = Math.min(left.length + right.length, MOST_DIFFERENCES);
  const middle = most + 1;
  const furthest = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let count = 0; count <= most; count += 1) {
    trace.push(furthest.slice(middle - count - 1, middle + count + 2));
    for (let diagonal = -count; diagonal <= count; diagonal += 2) {
      const down = diagonal === -count || (diagonal !== count && (furthest[middle + diagonal - 1] ?? 0) < (furthest[middle + diagonal + 1] ?? 0));
      let x = down ? (furthest[middle + diagonal + 1] ?? 0) : (furthest[middle + diagonal - 1] ?? 0) + 1;
      while (x < left.length && x - diagonal < right.length && left[x] === right[x - diagonal]) x += 1;
      furthest[middle + diagonal] = x;
      if (x >= left.length && x - diagonal >= right.length) return trace;
    }
  }
  return null;
}

/** The pairs of equal lines on the shortest way from `left` to `right`, the last one first. */
function matches(left: readonly string[], right: readonly string[], trace: readonly Int32Array[]): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  let x = left.length;
  let y = right.length;
  for (let count = trace.length - 1; count >= 0; count -= 1) {
    const before = trace[count];
    const at = (diagonal: number): number => before?.[diagonal + count + 1] ?? 0;
    const diagonal = x - y;
    const down = diagonal === -count || (diagonal !== count && at(diagonal - 1) < at(diagonal + 1));
    const cameFrom = down ? diagonal + 1 : diagonal - 1;
    const startX = count === 0 ? 0 : at(cameFrom);
    const startY = count === 0 ? 0 : startX - cameFrom;
    while (x > startX && y > startY) {
      x -= 1;
      y -= 1;
      found.push([x, y]);
    }
    x = startX;
    y = startY;
  }
  return found;
}

function hunksBetween(left: readonly string[], right: readonly string[]): Hunk[] {
  const trace = paths(left, right);
  if (trace === null) return [{ from: 0, to: left.length, lines: right }];
  const hunks: Hunk[] = [];
  let x = 0;
  let y = 0;
  for (const [nextX, nextY] of [...matches(left, right, trace).reverse(), [left.length, right.length] as const]) {
    if (nextX > x || nextY > y) hunks.push({ from: x, to: nextX, lines: right.slice(y, nextY) });
    x = nextX + 1;
    y = nextY + 1;
  }
  return hunks;
}

/** What has to be replaced in `left` to get `right`, in order. */
export function diffLines(left: readonly string[], right: readonly string[]): readonly Hunk[] {
  const shorter = Math.min(left.length, right.length);
  let head = 0;
  while (head < shorter && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail += 1;
  const between = hunksBetween(left.slice(head, left.length - tail), right.slice(head, right.length - tail));
  return between.map(({ from, to, lines }) => ({ from: from + head, to: to + head, lines }));
}

function applied(base: readonly string[], hunks: readonly Hunk[], from: number, to: number): string {
  const parts: string[] = [];
  let at = from;
  for (const hunk of hunks) {
    parts.push(...base.slice(at, hunk.from), ...hunk.lines);
    at = hunk.to;
  }
  parts.push(...base.slice(at, to));
  return parts.join("");
}

/** Whether a change touches a run of lines: it shares one, or both put something in at one place. */
function touches(hunk: Hunk, from: number, to: number): boolean {
  return hunk.from < to || (hunk.from === hunk.to && from === to && hunk.from === from);
}

/** Takes the changes from both queues that touch one another, beginning with the first. */
function nextGroup(mine: Hunk[], theirs: Hunk[]): { from: number; to: number; mine: Hunk[]; theirs: Hunk[] } {
  const from = Math.min(mine[0]?.from ?? Infinity, theirs[0]?.from ?? Infinity);
  const group = { from, to: from, mine: [] as Hunk[], theirs: [] as Hunk[] };
  const firsts = [mine, theirs].filter((queue) => queue[0]?.from === from).sort((left, right) => (left[0]?.to ?? 0) - (right[0]?.to ?? 0));
  const take = (queue: Hunk[]): boolean => {
    const hunk = queue.shift();
    if (!hunk) return false;
    (queue === mine ? group.mine : group.theirs).push(hunk);
    group.to = Math.max(group.to, hunk.to);
    return true;
  };
  take(firsts[0] ?? mine);
  for (;;) {
    const next = [mine, theirs].find((queue) => queue[0] !== undefined && touches(queue[0], group.from, group.to));
    if (next === undefined || !take(next)) return group;
  }
}

/**
 * Brings two changes of one text together, by lines. Where both changed the same lines differently, the text has `prefer`'s,
 * and the place counts as a clash. Changes of lines beside each other are no clash.
 */
export function merge3(base: string, mine: string, theirs: string, prefer: "mine" | "theirs" = "mine"): Merged {
  const lines = splitLines(base);
  const queues = { mine: [...diffLines(lines, splitLines(mine))], theirs: [...diffLines(lines, splitLines(theirs))] };
  const parts: string[] = [];
  let at = 0;
  let clashes = 0;
  while (queues.mine.length > 0 || queues.theirs.length > 0) {
    const group = nextGroup(queues.mine, queues.theirs);
    const own = applied(lines, group.mine, group.from, group.to);
    const other = applied(lines, group.theirs, group.from, group.to);
    const both = group.mine.length > 0 && group.theirs.length > 0;
    if (both && own !== other) clashes += 1;
    parts.push(...lines.slice(at, group.from), both ? (prefer === "mine" ? own : other) : group.mine.length > 0 ? own : other);
    at = group.to;
  }
  parts.push(...lines.slice(at));
  return { text: parts.join(""), clashes };
}
