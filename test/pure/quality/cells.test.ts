import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../workers/local/simulator/random.ts";
import { checkTable } from "../../../workers/quality/check-table.ts";
import { editDistance } from "../../../workers/quality/edit-distance.ts";
import type { CellValue, ValueTable } from "../../../workers/quality/value-table.ts";
import { fixturesDir, readFixture, readJsonFixture } from "../../support/fixtures.ts";

const cellOf = ({ row, column }: { row: number; column: string | null }) => `${row} ${column}`;

describe("edit distance", () => {
  it.each([
    ["kitten", "sitting", 3],
    ["saturday", "sunday", 3],
    ["ca", "abc", 3],
    ["form", "from", 1],
    ["", "abc", 3],
    ["same", "same", 0],
  ])("of %s and %s is %d", (a, b, distance) => expect(editDistance(a, b, 9)).toBe(distance));

  it("stops counting beyond what is asked", () => expect(editDistance("abcdefgh", "zyxwvuts", 2)).toBe(3));
});

describe.skipIf(!fixturesDir)("wrong cells of the hospital table", () => {
  const table = (kind: "dirty" | "clean"): ValueTable => {
    const [columns = [], ...rows]: string[][] = parse(readFixture(`quality/hospital_${kind}.csv.gz`));
    return { columns, rows };
  };

  it("are found without its rules, few others with them, and most are mended", () => {
    const [dirty, clean] = [table("dirty"), table("clean")];
    const truth = new Map(
      dirty.rows.flatMap((cells, row) =>
        cells.flatMap((cell, at): [string, CellValue][] => {
          const right = clean.rows[row]?.[at] ?? null;
          return cell === right ? [] : [[cellOf({ row, column: dirty.columns[at] ?? "" }), right]];
        }),
      ),
    );
    expect(truth.size).toBe(
      readJsonFixture<{ erroneous_cells: number }>("quality/hospital_answers.json").erroneous_cells,
    );
    const found = checkTable(dirty);
    const right = found.filter((finding) => truth.has(cellOf(finding)));
    const mended = right.filter((finding) => truth.get(cellOf(finding)) === finding.suggestion);
    expect(right.length / found.length).toBeGreaterThanOrEqual(0.97);
    expect(right.length / truth.size).toBeGreaterThanOrEqual(0.9);
    expect(mended.length / truth.size).toBeGreaterThanOrEqual(0.8);
  }, 60_000);

  it("are hardly any of the clean table", () => expect(checkTable(table("clean")).length).toBeLessThan(10), 60_000);
});

describe.skipIf(!fixturesDir)("wrong cells of real tables", () => {
  const ROWS = 1000;
  const load = (file: string): ValueTable => {
    const [columns = [], ...rows]: string[][] = parse(readFixture(file));
    return { columns, rows: rows.slice(0, ROWS) };
  };

  /** One cell in forty gets a wrong letter, nothing, or the value of another row. */
  function planted(table: ValueTable): { dirty: ValueTable; wrong: Set<string> } {
    const random = seededRandom("planted");
    const rows = table.rows.map((cells) => [...cells]);
    for (let count = 0; count < (rows.length * table.columns.length) / 40; count++) {
      const at = random.below(table.columns.length);
      const cells = rows[random.below(rows.length)]!;
      const text = String(cells[at] ?? "");
      if (text === "") continue;
      const place = random.below(text.length);
      const slip = `${text.slice(0, place)}x${text.slice(place + 1)}`;
      cells[at] = [slip, "", rows[random.below(rows.length)]![at] ?? ""][random.below(3)]!;
    }
    const wrong = rows.flatMap((cells, row) =>
      cells.flatMap((cell, at) =>
        cell === table.rows[row]![at] ? [] : [cellOf({ row, column: table.columns[at] ?? "" })],
      ),
    );
    return { dirty: { columns: table.columns, rows }, wrong: new Set(wrong) };
  }

  it.each([
    "churn/ibm_telco_customer_churn.csv.gz",
    "monitoring/employment_ma.csv.gz",
    "monitoring/obd_bts_men.csv.gz",
    "monitoring/toxicity_shared.csv.gz",
    "drift/wine_quality.csv.gz",
    "ecommerce/cdnow_sample_rfm_bgnbd.csv.gz",
    "fairness/compas_predictions.csv.gz",
    "segmentation/iris.csv",
    "abtest/asos_experiments_shared.csv.gz",
    "web/plausible_io_2024-03_events.csv.gz",
  ])(
    "%s: hardly any as it is, and what is found among planted errors is wrong",
    (file) => {
      const table = load(file);
      expect(checkTable(table).length).toBeLessThanOrEqual(0.003 * table.rows.length * table.columns.length);
      const { dirty, wrong } = planted(table);
      const found = checkTable(dirty);
      const right = found.filter((finding) => wrong.has(cellOf(finding)));
      expect(right.length / found.length).toBeGreaterThanOrEqual(0.9);
      expect(right.length / wrong.size).toBeGreaterThanOrEqual(0.5);
    },
    60_000,
  );
});

describe("wrong cells of a table of orders", () => {
  const columns = ["order", "product", "name", "price", "weight", "day", "paid", "note"];
  const PRODUCTS = ["Chair", "Lamp", "Sofa", "Bookshelf", "Carpet"];

  function orders(): CellValue[][] {
    const random = seededRandom("orders");
    return Array.from({ length: 300 }, (_, row) => {
      const product = random.below(PRODUCTS.length);
      return [
        `A-${1000 + row}`,
        `P${product}`,
        PRODUCTS[product] ?? "",
        20 + random.below(60),
        `${1 + random.below(9)} kg`,
        `2026-03-${String(1 + random.below(28)).padStart(2, "0")}`,
        random.chance(0.5),
        random.chance(0.3) ? "" : "fine",
      ];
    });
  }

  const withCell = (row: number, column: string, value: CellValue): ValueTable => {
    const rows = orders();
    rows[row]![columns.indexOf(column)] = value;
    return { columns, rows };
  };

  it("are none as it is", () => expect(checkTable({ columns, rows: orders() })).toEqual([]));

  it.each<[string, CellValue, string]>([
    ["price", "forty", "wrong_type"],
    ["price", "40", "wrong_type"],
    ["price", 40_000, "outlier"],
    ["weight", "4000 g", "other_unit"],
    ["day", "3/14/2026", "other_date_format"],
    ["day", "2026-13-01", "other_date_format"],
    ["order", "A1100", "malformed"],
    ["order", "A-1000", "repeated"],
    ["name", "Bookshef", "misspelled"],
    ["name", "", "missing"],
    ["note", "n/a", "missing"],
  ])("%s = %j is %s", (column, value, fault) => {
    const found = checkTable(withCell(100, column, value));
    expect(found.map(cellOf)).toEqual([`100 ${column}`]);
    expect(found[0]?.faults).toContain(fault);
  });

  it("a name that its code contradicts is found and mended, beside the code that the name contradicts", () => {
    const rows = orders();
    const row = rows.findIndex(([, product]) => product === "P1");
    rows[row]![2] = "Sofa";
    const found = checkTable({ columns, rows });
    expect(found.map(({ column, suggestion }) => [column, suggestion])).toEqual([
      ["product", "P2"],
      ["name", "Lamp"],
    ]);
    expect(found.every((finding) => finding.row === row && finding.fault === "contradicts")).toBe(true);
  });

  it("a name near another that comes as often as names do is one of its own", () => {
    const named = (times: number) => {
      const rows = Array.from({ length: 10 }, orders).flat();
      for (const [row, cells] of rows.entries()) cells[0] = `A-${1000 + row}`;
      for (const cells of rows.filter(([, product]) => product === "P1").slice(0, times)) cells[2] = "Lamps";
      return checkTable({ columns, rows }).filter(({ faults }) => faults.includes("misspelled")).length;
    };
    expect(named(3)).toBe(3);
    expect(named(40)).toBe(0);
  });

  it("a row that was written twice is found as a whole", () => {
    const rows = orders();
    rows.push([...rows[7]!]);
    const found = checkTable({ columns, rows });
    expect(found).toMatchObject([{ row: 300, column: null, fault: "repeated" }]);
  });
});
