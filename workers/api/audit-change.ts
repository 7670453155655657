// What of a change the audit trail is told: what differs, without secrets and without what names a person, since nothing can
// be taken out of the trail again.
import type { Act } from "../domain/audit.ts";

/** Keys of secrets and of people's names, addresses and words, wherever they stand. */
const PRIVATE =
  /password|secret|token|link$|^key$|hash$|e?mail|person$|^(?:author|createdBy|by)$|signature|credential|clientData|attestation|publicKey|challenge|cookie|address|userId|user_id|visitorId|persistentId|^names$|^text$/i;
const MOST_CHARS = 8_000;
const MOST_TEXT = 500;
/** What is about the writing and not the thing. */
const UNTOLD = new Set(["updatedAt", "version", "createdAt", "lastUsedAt", "siteId"]);
const LEFT_OUT = "(left out)";
const ADDRESS = /[^\s@<>"']+@[^\s@<>"']+\.[a-z]{2,}/gi;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value as it may be kept. */
export function redacted(value: unknown): unknown {
  if (typeof value === "string") {
    const text = value.replaceAll(ADDRESS, LEFT_OUT);
    return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
  }
  if (Array.isArray(value)) return value.map(redacted);
  if (!isFields(value)) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.map(([name, field]) => [name, PRIVATE.test(name) && isTold(field) ? LEFT_OUT : redacted(field)]),
  );
}

/** That there is none is no secret; whether there is one may be said too. */
const isTold = (field: unknown): boolean => field !== null && typeof field !== "boolean";

function withoutUntold(value: unknown): unknown {
  return isFields(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => !UNTOLD.has(name))) : value;
}

function textOf(value: unknown): string | null {
  if (value === undefined) return null;
  const text = JSON.stringify(redacted(value));
  return text.length > MOST_CHARS ? JSON.stringify({ "(too long)": `${text.length} characters` }) : text;
}

/** Of two objects the fields that differ; of one alone all of it. */
export function toldChange(before: unknown, after: unknown): Pick<Act, "before" | "after"> {
  const [was, is] = [withoutUntold(before), withoutUntold(after)];
  if (!isFields(was) || !isFields(is)) return { before: textOf(was), after: textOf(is) };
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const differing = names.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]));
  const partOf = (fields: Fields) => Object.fromEntries(differing.map((name) => [name, fields[name]]));
  return { before: textOf(partOf(was)), after: textOf(partOf(is)) };
}
