import { getTableName, isTable } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { BACKUP_TABLES, KEPT_TABLES, keptTable } from "../../workers/store/backup-tables.ts";
import * as schema from "../../workers/store/schema/index.ts";

const tables = Object.values(schema).filter((one) => isTable(one));

describe("backups", () => {
  it("hold each table of D1 or say why not", () => {
    const names = tables.map((table) => getTableName(table)).sort();
    expect(Object.keys(BACKUP_TABLES).sort(), "decide in workers/store/backup-tables.ts").toEqual(names);
  });

  it("empty or change only columns that there are", () => {
    for (const name of KEPT_TABLES) {
      const { without = [], becomes = {} } = keptTable(name)!;
      const table = tables.find((one) => getTableName(one) === name)!;
      const columns = Object.values(table).map((column) => String((column as { name?: string }).name)); // Drizzle's columns
      expect(columns).toEqual(expect.arrayContaining([...without, ...Object.keys(becomes)]));
    }
  });

  it("bring sites back last, so that no beacon is taken before its history", () => {
    expect(KEPT_TABLES.at(-1)).toBe("sites");
  });
});
