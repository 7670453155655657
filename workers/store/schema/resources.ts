import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Boards, funnels, annotations, rules for data, rotations and policies of alerts, reports and imported figures: what people make together, with who made it and how often it was changed. */
export const resources = sqliteTable(
  "resources",
  {
    siteId: text("site_id").notNull(),
    kind: text("kind", {
      enum: [
        "board",
        "funnel",
        "annotation",
        "quality_rule",
        "rotation",
        "escalation_policy",
        "report",
        "benchmark_set",
      ],
    }).notNull(),
    id: text("id").notNull(),
    body: text("body", { mode: "json" }).$type<unknown>().notNull(),
    version: integer("version").notNull().default(1),
    createdBy: text("created_by").notNull(),
    authorName: text("author_name").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.siteId, table.kind, table.id] }),
    index("resources_by_age").on(table.siteId, table.kind, table.createdAt, table.id),
  ],
);
