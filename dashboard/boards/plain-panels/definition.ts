// Panels of a board that draw no question's answer. A new one is a file here, a line in index.ts, its word in
// workers/domain/chart.ts, and in workers/reports/sections/board.ts how a report tells it.
import type { FunctionComponent } from "preact";
import type { Board, Grid, Panel } from "../../../workers/domain/board.ts";

export interface PlainPanelProps {
  panel: Panel;
  /** Of the whole board. */
  filters: Board["filters"];
}

export interface PlainFieldsProps {
  text: string;
  onText: (text: string) => void;
}

export interface PlainPanel {
  label: string;
  /** As much room as it needs to be read without scrolling. */
  size: Pick<Grid, "w" | "h">;
  Body: FunctionComponent<PlainPanelProps>;
  /** What can be set of it beside its title. */
  Fields?: FunctionComponent<PlainFieldsProps>;
}
