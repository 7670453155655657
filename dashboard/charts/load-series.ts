/** What draws comes beside what holds the drawing, which is there first. */
export function loadSeries(): Promise<typeof import("./series-chart.tsx")> {
  // A chart that then lacks it says so.
  import("./series-canvas.ts").catch(() => undefined);
  return import("./series-chart.tsx");
}
