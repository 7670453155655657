// Each kind of block on a page.
import type { ReportBlock } from "../../../domain/report-document.ts";
import { bars } from "./blocks/bars.ts";
import { figures } from "./blocks/figures.ts";
import { grid } from "./blocks/grid.ts";
import { list } from "./blocks/list.ts";
import { paragraph } from "./blocks/paragraph.ts";
import { picture } from "./blocks/picture.ts";
import { problem } from "./blocks/problem.ts";
import { table } from "./blocks/table.ts";
import type { Sheet } from "./sheet.ts";

export type BlockOf<Kind extends ReportBlock["kind"]> = Extract<ReportBlock, { kind: Kind }>;

type Drawers = { [Kind in ReportBlock["kind"]]: (sheet: Sheet, block: BlockOf<Kind>) => void };

const drawers: Drawers = { bars, figures, grid, list, paragraph, picture, problem, table };

export function drawBlock<Kind extends ReportBlock["kind"]>(sheet: Sheet, kind: Kind, block: BlockOf<Kind>): void {
  drawers[kind](sheet, block);
}
