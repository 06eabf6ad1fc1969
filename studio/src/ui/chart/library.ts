import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type ECharts, type EChartsCoreOption, init, use as register } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

register([BarChart, LineChart, ScatterChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/** Colours that stay apart for people who see red and green alike, on light and on dark. */
const LIGHT = ["#4c6ef5", "#f08c00", "#2b8a3e", "#c2255c", "#1098ad", "#7048e8", "#868e96", "#a9601b"];
const DARK = ["#748ffc", "#ffc078", "#69db7c", "#f783ac", "#66d9e8", "#b197fc", "#adb5bd", "#e0a878"];

/** Returns an empty chart in an element. */
export function makeChart(element: HTMLElement): ECharts {
  return init(element, undefined, { renderer: "canvas" });
}

/** Returns an option with the studio's colours, font and spacing where it does not say otherwise. */
export function themed(option: EChartsCoreOption, dark: boolean): EChartsCoreOption {
  const text = dark ? "#c9c9c9" : "#495057";
  const line = dark ? "#2a2d33" : "#e9ecef";
  const axis = { axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: text, fontSize: 11, hideOverlap: true }, splitLine: { lineStyle: { color: line } } };
  const axisOf = (given: unknown) => {
    const asked = (given ?? {}) as { axisLabel?: object };
    return { ...axis, ...asked, axisLabel: { ...axis.axisLabel, ...asked.axisLabel } };
  };
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    color: dark ? DARK : LIGHT,
    textStyle: { fontFamily: "Inter Variable, sans-serif", color: text },
    animation: !still,
    animationDuration: 150,
    grid: { left: 8, right: 12, top: 36, bottom: 4, containLabel: true },
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: dark ? "#242424" : "#ffffff",
      borderColor: line,
      textStyle: { color: dark ? "#e9ecef" : "#212529", fontSize: 12 },
      axisPointer: { type: "shadow", shadowStyle: { color: dark ? "rgba(255,255,255,0.05)" : "rgba(0,0,0,0.04)" } },
    },
    legend: { type: "scroll", top: 0, left: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: { color: text, fontSize: 12 }, pageTextStyle: { color: text } },
    ...option,
    xAxis: { ...axisOf(option.xAxis), splitLine: { show: false } },
    yAxis: axisOf(option.yAxis),
  };
}
