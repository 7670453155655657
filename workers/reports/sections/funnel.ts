import { answerBlocks } from "../ask-panel.ts";
import { defineSection, problem } from "../section.ts";

/** Values of a breakdown. */
const ROWS = 10;

export const funnel = defineSection("funnel", {
  label: "Funnel",
  about: "One of the site's funnels: how many get from step to step.",
  async make({ funnelId, title }, making) {
    const { site, range, filters, own } = making;
    const kept = own.funnels.find(({ id }) => id === funnelId);
    if (!kept)
      return [{ title: "Funnel", blocks: [problem("The funnel is no longer there; choose another.")], path: null }];
    const params = { funnel: kept.id };
    const answers = await making.ask([
      { site_id: site.id, date_range: range, filters: [...filters], analysis: "funnel", params },
    ]);
    const path = `/sites/${encodeURIComponent(site.id)}/funnels/${encodeURIComponent(kept.id)}`;
    return [{ title: kept.name, blocks: answerBlocks(answers, { chart: "funnel", title, rows: ROWS }, making), path }];
  },
});
