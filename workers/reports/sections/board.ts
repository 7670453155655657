import type { NewBoard, Panel } from "../../domain/board.ts";
import { isPlainChart, type PlainChart } from "../../domain/chart.ts";
import { answerBlocks, panelPath, panelQuestions } from "../ask-panel.ts";
import { defineSection, type MadePart, type Making, problem } from "../section.ts";
import { textBlocks } from "../text-blocks.ts";
import { insights } from "./insights.ts";

/** Rows of a panel's table. */
const ROWS = 10;

/** As a report tells a panel that draws no answer. */
const plainParts: Readonly<
  Record<PlainChart, (panel: Panel, board: NewBoard, making: Making) => MadePart[] | Promise<MadePart[]>>
> = {
  text: ({ title, text }) => [{ title, blocks: textBlocks(text ?? ""), path: null }],
  async insights({ id, title }, { filters }, making) {
    const within = { ...making, filters: [...filters, ...making.filters] };
    const parts = await insights.make({ id, title, kind: "insights", most: 7 }, within);
    return parts.map((part) => ({ ...part, title: title || part.title }));
  },
};

export const board = defineSection("board", {
  label: "Board",
  about: "Every panel of a board, in its order, over the report's period.",
  async make({ boardId }, making) {
    const kept = await making.board(boardId);
    if (!kept) {
      const said = "The board is no longer there, or is private to another; choose another.";
      return [{ title: "Board", blocks: [problem(said)], path: null }];
    }
    const panels = kept.panels.toSorted((a, b) => a.grid.y - b.grid.y || a.grid.x - b.grid.x);
    const asked = new Map(
      panels.flatMap(({ id, question }) =>
        question ? [[id, panelQuestions({ question, rows: ROWS, filters: kept.filters }, making)] as const] : [],
      ),
    );
    const answers = await making.ask([...asked.values()].flat());
    const path = `/sites/${encodeURIComponent(making.site.id)}/boards/${encodeURIComponent(boardId)}`;
    const about = kept.about === "" ? [] : textBlocks(kept.about);
    const head: MadePart = { title: kept.name, blocks: about, path };
    const parts = [head];
    for (const panel of panels) {
      const { id, title, chart } = panel;
      // One after the other: a section has one list of questions open at a time.
      if (isPlainChart(chart)) parts.push(...(await plainParts[chart](panel, kept, making)));
      const questions = asked.get(id);
      if (!questions) continue;
      const own = answers.splice(0, questions.length);
      const blocks = answerBlocks(own, { chart, title, rows: ROWS }, making);
      parts.push({ title, blocks, path: panelPath(questions[0], making) });
    }
    return parts;
  },
});
