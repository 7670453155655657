import { answerBlocks, panelPath, panelQuestions } from "../ask-panel.ts";
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
    const asked = new Map(
      panels.flatMap(({ id, question }) =>
        question ? [[id, panelQuestions({ question, rows: ROWS, filters: kept.filters }, making)] as const] : [],
      ),
    );
    const answers = await making.ask([...asked.values()].flat());
    const path = `/sites/${encodeURIComponent(making.site.id)}/boards/${encodeURIComponent(boardId)}`;
    const about = kept.about === "" ? [] : textBlocks(kept.about);
    const head: MadePart = { title: kept.name, blocks: about, path };
    const parts = panels.map(({ id, title, chart, text }): MadePart => {
      const questions = asked.get(id);
      if (!questions) return { title, blocks: textBlocks(text ?? ""), path: null };
      const own = answers.splice(0, questions.length);
      const blocks = answerBlocks(own, { chart, title, rows: ROWS }, making);
      return { title, blocks, path: panelPath(questions[0], making) };
    });
    return [head, ...parts];
  },
});
