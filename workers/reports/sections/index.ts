import type { SectionKind } from "../../domain/report.ts";
import type { Section } from "../section.ts";
import { benchmarks } from "./benchmarks.ts";
import { board } from "./board.ts";
import { figures } from "./figures.ts";
import { funnel } from "./funnel.ts";
import { insights } from "./insights.ts";
import { pageBreak } from "./page-break.ts";
import { quality } from "./quality.ts";
import { question } from "./question.ts";
import { text } from "./text.ts";

export const sections = {
  text,
  figures,
  question,
  funnel,
  board,
  insights,
  benchmarks,
  quality,
  page_break: pageBreak,
} satisfies { [Kind in SectionKind]: Section<Kind> };
