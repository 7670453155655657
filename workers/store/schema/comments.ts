import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What people say to an annotation. */
export const comments = sqliteTable(
  "comments",
  {
    id: text("id").primaryKey(),
    siteId: text("site_id").notNull(),
    annotationId: text("annotation_id").notNull(),
    text: text("text").notNull(),
    createdBy: text("created_by").notNull(),
    authorName: text("author_name").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("comments_of_annotation").on(table.siteId, table.annotationId, table.createdAt)],
);
