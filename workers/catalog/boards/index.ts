import type { BoardTemplate } from "../board-template.ts";
import { agents } from "./agents.ts";
import { executive } from "./executive.ts";
import { product } from "./product.ts";
import { web } from "./web.ts";

export const boards = { web, product, agents, executive } satisfies Record<string, BoardTemplate>;

export type BoardTemplateName = keyof typeof boards;
