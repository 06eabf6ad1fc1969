import { startTransition, useCallback, useState } from "react";

/** How far out of sight a box may be when it is made, pixels: it is there before one gets to it. */
const AHEAD = "320px";

const waiting = new WeakMap<Element, () => void>();
let shared: IntersectionObserver | null = null;

/** One observer for all boxes: hundreds of them are cheap then. */
function observer(): IntersectionObserver {
  shared ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) if (isIntersecting) waiting.get(target)?.();
    },
    { rootMargin: AHEAD, scrollMargin: AHEAD },
  );
  return shared;
}

/**
 * Becomes true when a box comes near to where it is seen, and stays so: a long list makes what is in its boxes as one gets there. `box` is
 * for the box: the keyboard gets to it before there is anything in it, and from it to what is in it then.
 */
export function useSeen() {
  const [seen, setSeen] = useState(false);
  const ref = useCallback((box: HTMLElement | null) => {
    if (box === null) return undefined;
    const stop = () => {
      waiting.delete(box);
      observer().unobserve(box);
    };
    waiting.set(box, () => {
      stop();
      // Editors take long to make: a click that comes meanwhile goes first.
      startTransition(() => {
        setSeen(true);
      });
    });
    observer().observe(box);
    return stop;
  }, []);
  const box = {
    ref,
    tabIndex: seen ? -1 : 0,
    onFocus: () => {
      setSeen(true);
    },
  };
  return { box, seen };
}
