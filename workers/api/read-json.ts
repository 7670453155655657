import type * as z from "zod";
import { AppError, fieldErrors } from "../domain/errors.ts";
import { invalidFields } from "./problem.ts";

const lenient = new TextDecoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
const REPLACEMENT = "\uFFFD";

function tooLarge(limit: number): AppError {
  return new AppError("too_large", `the body is over ${limit / 1024} KB; send it in smaller parts`);
}

async function readStream({ body }: Request, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    if (size > limit) throw tooLarge(limit);
    parts.push(part);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The strict decoder is slow, so it is asked only where the fast one met something odd. */
function decode(bytes: ArrayBuffer | Uint8Array): string {
  const text = lenient.decode(bytes);
  if (!text.includes(REPLACEMENT)) return text;
  try {
    return strict.decode(bytes);
  } catch {
    throw new AppError("malformed", "the body is not valid UTF-8");
  }
}

/** The body as it is; refuses large ones before reading them. */
export async function readBytes(request: Request, limit: number): Promise<ArrayBuffer | Uint8Array> {
  const declared = Number(request.headers.get("content-length") ?? Number.NaN);
  if (declared > limit) throw tooLarge(limit);
  // A declared length is enforced by the server, so the body may be read at once; asking for its stream costs more.
  const bytes = Number.isNaN(declared) ? await readStream(request, limit) : await request.arrayBuffer();
  if (bytes.byteLength > limit) throw tooLarge(limit);
  return bytes;
}

/** The body as text. */
export async function readText(request: Request, limit: number): Promise<string> {
  return decode(await readBytes(request, limit));
}

/** The body as JSON, whatever its content type says. */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const text = await readText(request, limit);
  if (text === "") throw new AppError("malformed", "the body is empty; send JSON");
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError("malformed", "the body is not valid JSON");
  }
}

/** The body checked against a schema; throws with the path of each bad field. */
export async function readValid<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  limit = 256 * 1024,
): Promise<z.infer<Schema>> {
  const parsed = schema.safeParse(await readJson(request, limit));
  if (!parsed.success) throw invalidFields(fieldErrors(parsed.error.issues));
  return parsed.data;
}
