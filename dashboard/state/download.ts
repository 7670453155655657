// An answer as a file, written by the API so that it holds the very figures of the chart.
import type { Problem } from "../../workers/domain/errors.ts";
import { failureOf, OFFLINE } from "./api.ts";
import type { Asked } from "./content.ts";

export const FILES = [
  { format: "csv", label: "CSV" },
  { format: "xlsx", label: "Excel" },
  { format: "parquet", label: "Parquet" },
] as const;

type Format = (typeof FILES)[number]["format"];

/** Hands the file to the browser's downloads. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then; without this, the file stays in memory.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export const fileName = (title: string, ending: string): string =>
  `${title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "answer"}.${ending}`;

/** Null when it went well, else what went wrong. */
export async function downloadAnswer(
  asked: Asked,
  { format, title }: { format: Format; title: string },
): Promise<string | null> {
  try {
    const response = await fetch(`/api/v2/query?format=${format}`, {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(asked),
    });
    if (!response.ok) {
      const problem: unknown = await response.json().catch(() => null);
      return failureOf(response.status, problem as Partial<Problem> | null).detail; // problem+json or nothing
    }
    saveFile(await response.blob(), fileName(title, format));
    return null;
  } catch {
    return OFFLINE.detail;
  }
}
