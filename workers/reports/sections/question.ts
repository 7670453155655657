import { answerBlocks, panelPath, panelQuestions } from "../ask-panel.ts";
import { defineSection } from "../section.ts";

export const question = defineSection("question", {
  label: "Chart or table",
  about: "One question: metrics over time, a breakdown, a funnel, who comes back, paths.",
  async make({ question: asked, chart, title, rows }, making) {
    const questions = panelQuestions({ question: asked, rows }, making);
    const blocks = answerBlocks(await making.ask(questions), { chart, title, rows }, making);
    return [{ title: "", blocks, path: panelPath(questions[0], making) }];
  },
});
