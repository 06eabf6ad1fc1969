import { Skeleton, useComputedColorScheme } from "@mantine/core";
import type { EChartsCoreOption, ECharts } from "echarts/core";
import { useEffect, useEffectEvent, useRef, useState } from "react";

type Library = typeof import("./chart/library");

interface Place {
  readonly offsetX: number;
  readonly offsetY: number;
}

interface ChartProps {
  readonly option: EChartsCoreOption;
  readonly height: number;
  /** What the chart shows, for screen readers; the figures themselves should stand in a table nearby. */
  readonly label: string;
  /** Where somebody clicked, on the horizontal axis: milliseconds since 1970 of times, the place (from 0) of categories. */
  readonly onPick?: (at: number) => void;
}

/** A chart in the studio's theme. The library is loaded with the first one. */
export function Chart({ option, height, label, onPick }: ChartProps) {
  const dark = useComputedColorScheme("light") === "dark";
  const box = useRef<HTMLDivElement>(null);
  const [library, setLibrary] = useState<Library | null>(null);
  const chart = useRef<ECharts | null>(null);
  const picks = onPick !== undefined;
  const pick = useEffectEvent((at: number) => onPick?.(at));
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
    const canvas = made.getZr();
    const inside = ({ offsetX, offsetY }: Place) => picks && made.containPixel({ gridIndex: 0 }, [offsetX, offsetY]);
    canvas.on("mousemove", (event: Place) => canvas.setCursorStyle(inside(event) ? "pointer" : "default"));
    canvas.on("click", (event: Place) => {
      const at = inside(event) ? made.convertFromPixel({ gridIndex: 0 }, [event.offsetX, event.offsetY])[0] : undefined;
      if (at !== undefined) pick(at);
    });
    const watch = new ResizeObserver(() => {
      made.resize();
    });
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, [library, dark, picks]);
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
