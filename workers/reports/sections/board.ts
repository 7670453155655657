import type { Question } from "../../domain/question.ts";
import { answerBlocks, panelPath, panelQuestion } from "../ask-panel.ts";
import { defineSection, type MadePart, problem } from "../section.ts";
import { textBlocks } from "../text-blocks.ts";

/** Rows of a panel's table. */
const ROWS = 10;

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
    const asked = panels.flatMap(({ id, question }): [string, Question][] =>
      question ? [[id, panelQuestion({ question, rows: ROWS, filters: kept.filters }, making)]] : [],
    );
    const answers = await making.ask(asked.map(([, question]) => question));
    const path = `/sites/${encodeURIComponent(making.site.id)}/boards/${encodeURIComponent(boardId)}`;
    const about = kept.about === "" ? [] : textBlocks(kept.about);
    const head: MadePart = { title: kept.name, blocks: about, path };
    const parts = panels.map(({ id, title, chart, text }): MadePart => {
      const place = asked.findIndex(([own]) => own === id);
      const [question, answer] = [asked[place]?.[1], answers[place]];
      if (!question || !answer) return { title, blocks: textBlocks(text ?? ""), path: null };
      const blocks = answerBlocks(answer, { chart, title, rows: ROWS }, making);
      return { title, blocks, path: panelPath(question, making) };
    });
    return [head, ...parts];
  },
});
