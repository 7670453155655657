import { answerBlocks, panelPath, panelQuestion } from "../ask-panel.ts";
import { defineSection } from "../section.ts";

export const question = defineSection("question", {
  label: "Chart or table",
  about: "One question: metrics over time, a breakdown, a funnel, who comes back, paths.",
  async make({ question: asked, chart, title, rows }, making) {
    const whole = panelQuestion({ question: asked, rows }, making);
    const [answer] = await making.ask([whole]);
    if (!answer) throw new Error("the question was not answered");
    return [
      { title: "", blocks: answerBlocks(answer, { chart, title, rows }, making), path: panelPath(whole, making) },
    ];
  },
});
