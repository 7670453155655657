import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The part of D1 that migrating needs. */
interface Database {
  exec(sql: string): Promise<unknown>;
  prepare(sql: string): {
    bind(...values: unknown[]): { run(): Promise<unknown> };
    all<Row>(): Promise<{ results: Row[] }>;
    run(): Promise<unknown>;
  };
}

/** Applies what is new in `migrations/`, keeping the same record as `wrangler d1 migrations apply`. */
export async function migrate(db: Database, folder: string): Promise<string[]> {
  await db
    .prepare(
      `create table if not exists d1_migrations
       (id integer primary key autoincrement, name text unique, applied_at timestamp default current_timestamp not null)`,
    )
    .run();
  const { results } = await db.prepare("select name from d1_migrations").all<{ name: string }>();
  const done = new Set(results.map((row) => row.name));
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".sql") && !done.has(file))
    .sort();
  for (const file of files) {
    for (const statement of readFileSync(join(folder, file), "utf8").split("--> statement-breakpoint")) {
      await db.prepare(statement).run();
    }
    await db.prepare("insert into d1_migrations (name) values (?)").bind(file).run();
  }
  return files;
}
