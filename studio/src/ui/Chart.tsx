import { Skeleton, useComputedColorScheme } from "@mantine/core";
import type { EChartsCoreOption, ECharts } from "echarts/core";
import { useEffect, useRef, useState } from "react";

type Library = typeof import("./chart/library");

interface ChartProps {
  readonly option: EChartsCoreOption;
  readonly height: number;
  /** What the chart shows, for screen readers; the figures themselves should stand in a table nearby. */
  readonly label: string;
}

/** A chart in the studio's theme. The library is loaded with the first one. */
export function Chart({ option, height, label }: ChartProps) {
  const dark = useComputedColorScheme("light") === "dark";
  const box = useRef<HTMLDivElement>(null);
  const [library, setLibrary] = useState<Library | null>(null);
  const chart = useRef<ECharts | null>(null);
  useEffect(() => {
    let wanted = true;
    void import("./chart/library").then((loaded) => {
      if (wanted) setLibrary(loaded);
    });
    return () => {
      wanted = false;
    };
  }, []);
  useEffect(() => {
    if (!library || !box.current) return;
    const made = library.makeChart(box.current);
    chart.current = made;
    const watch = new ResizeObserver(() => {
      made.resize();
    });
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, [library, dark]);
  useEffect(() => {
    chart.current?.setOption(library ? library.themed(option, dark) : option, { notMerge: true });
  }, [library, option, dark]);
  return (
    <div style={{ position: "relative", height }}>
      {!library && <Skeleton height={height} />}
      <div ref={box} role="img" aria-label={label} style={{ height, width: "100%" }} />
    </div>
  );
}
