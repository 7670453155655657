// A board of the reference data as its readers have it: made from the product's own template, shared by a link, and asked
// for as the dashboard does.

import { courseQuestion, panelQuestion } from "../../dashboard/state/board-questions.ts";
import { isAnalysis } from "../../dashboard/state/content.ts";
import type { Scope } from "../../dashboard/state/questions.ts";
import { DEFAULT_VIEW } from "../../dashboard/state/view.ts";
import type { Board } from "../../workers/domain/board.ts";
import { type BenchServer, isoDay } from "../bench-server.ts";
import type { Shape } from "../reference/events.ts";

export interface SharedBoard {
  id: string;
  share: string;
  /** What one look at it posts, each by itself: all figures together, and each analysis. */
  posts: string[];
  questions: number;
}

/** Looked at with the period that a reader finds chosen. */
export async function makeBoard({ api }: BenchServer, siteId: string, shape: Shape, now: number): Promise<SharedBoard> {
  const own = `/api/v1/sites/${siteId}`;
  const { body: board } = await api.request<Board>("POST", `${own}/boards`, { body: { template: "web" } });
  const shared = { label: "benchmark", boardId: board.id };
  const { body: share } = await api.request<{ id: string }>("POST", `${own}/shares`, { body: shared });
  const scope: Scope = {
    site: await api.site(siteId),
    view: DEFAULT_VIEW,
    calendar: { today: isoDay(now), firstDay: isoDay(shape.from) },
  };
  const asked = board.panels.flatMap((panel) => panelQuestion(scope, panel) ?? []);
  const figures = asked.flatMap((one) => (isAnalysis(one) ? [] : [one]));
  const courses = board.panels.flatMap((panel) => {
    const question = panel.chart === "number" && panelQuestion(scope, panel);
    return question && !isAnalysis(question) ? [courseQuestion(question)] : [];
  });
  const posts = [[...figures, ...courses], ...asked.filter(isAnalysis)].map((post) => JSON.stringify(post));
  return { id: board.id, share: share.id, posts, questions: asked.length + courses.length };
}
