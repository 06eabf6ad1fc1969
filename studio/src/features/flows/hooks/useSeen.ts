import { useInViewport } from "@mantine/hooks";
import { useState } from "react";

/**
 * Becomes true when a box is seen, and stays so: a long list makes what is in its boxes as one gets there. `box` is for the box: the
 * keyboard gets to it before there is anything in it, and from it to what is in it then.
 */
export function useSeen() {
  const { ref, inViewport } = useInViewport();
  const [seen, setSeen] = useState(false);
  if (inViewport && !seen) setSeen(true);
  const box = {
    ref,
    tabIndex: seen ? -1 : 0,
    onFocus: () => {
      setSeen(true);
    },
  };
  return { box, seen };
}
