import type { NewBoardInput } from "../domain/board.ts";
import type { Chart } from "../domain/chart.ts";

/** A board to begin with. */
export interface BoardTemplate {
  label: string;
  about: string;
  panels: NonNullable<NewBoardInput["panels"]>;
}

export function defineBoard(template: BoardTemplate): BoardTemplate {
  return template;
}

type TemplatePanel = BoardTemplate["panels"][number];
type Place = [x: number, y: number, w: number, h: number];

/** Its id is made of the title, so a template gives each panel another one. */
export function panel(
  title: string,
  [chart, ...place]: [Chart, ...Place],
  question: NonNullable<TemplatePanel["question"]>,
): TemplatePanel {
  const [x, y, w, h] = place;
  const id = title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return { id, title, chart, question, grid: { x, y, w, h } };
}
