// Reads a backup from end to end without restoring it: every part is there, is what it was, and adds up.
import type { FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import {
  addDays,
  daysOf,
  MANIFEST,
  MANIFEST_SUM,
  type Manifest,
  manifestSchema,
  type Part,
  sha256,
} from "./manifest.ts";
import { type Member, readMember, tarMembers } from "./tar.ts";

const unzip = promisify(gunzip);

export interface Verified {
  manifest: Manifest;
  /** SHA-256 of the manifest. */
  checksum: string;
  /** The part as it was given by the deployment. */
  read(part: Part): Promise<Buffer>;
}

/** What is wrong with a file, in the words that a person is told. */
export class Damaged extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "Damaged";
    this.problems = problems;
  }
}

async function readManifest(file: FileHandle, members: ReadonlyMap<string, Member>) {
  const [member, sum] = [members.get(MANIFEST), members.get(MANIFEST_SUM)];
  if (!member || !sum) throw new Damaged([`it has no ${MANIFEST}: the backup was not made to its end`]);
  const bytes = await readMember(file, member);
  const checksum = sha256(bytes);
  if ((await readMember(file, sum)).toString().trim() !== checksum) {
    throw new Damaged([`${MANIFEST} is not what it was when it was written`]);
  }
  const parsed = manifestSchema.safeParse(JSON.parse(bytes.toString()));
  if (!parsed.success) throw new Damaged([`${MANIFEST} cannot be read: ${parsed.error.message}`]);
  return { manifest: parsed.data, checksum };
}

const contentOf = (part: Part, bytes: Buffer): Promise<Buffer> | Buffer =>
  part.name.endsWith(".gz") ? unzip(bytes) : bytes;

const keyOf = (site: string | undefined, shard: number | undefined) => `shard ${shard} of ${site}`;

/** Counts parts as they are read, and says at last what does not add up. */
function createTally({ tables, sites }: Manifest) {
  const rows = new Map<string, number>();
  const days = new Map<string, Record<string, number>>();
  return {
    count({ kind, table, site = "", shard }: Part, content: Buffer): number {
      if (kind === "ids") return content.length / 8;
      if (kind === "memory") return 1;
      const lines = content.reduce((sum, byte) => sum + Number(byte === 10), 0);
      const key = kind === "table" ? `table ${table}` : keyOf(site, shard);
      rows.set(key, (rows.get(key) ?? 0) + lines);
      if (kind === "events") {
        const own = days.get(site) ?? {};
        addDays(own, daysOf(content.toString()));
        days.set(site, own);
      }
      return lines;
    },
    problems(): string[] {
      const wanted = [
        ...Object.entries(tables).map(([table, count]) => [`table ${table}`, count] as const),
        ...sites.flatMap(({ id, cuts }) => cuts.map(({ events }, shard) => [keyOf(id, shard), events] as const)),
      ];
      const counts = wanted
        .filter(([key, count]) => (rows.get(key) ?? 0) !== count)
        .map(([key, count]) => `${key} has ${rows.get(key) ?? 0} rows, not ${count}`);
      const dates = sites.flatMap(({ id, days: told }) => {
        const found = days.get(id) ?? {};
        return [...new Set([...Object.keys(told), ...Object.keys(found)])]
          .filter((date) => told[date] !== found[date])
          .map((date) => `${id} has ${found[date] ?? 0} events of ${date}, not ${told[date] ?? 0}`);
      });
      return [...counts, ...dates];
    },
  };
}

/** Throws `Damaged` with all that is wrong. */
export async function verifyBackup(file: FileHandle): Promise<Verified> {
  const all = await tarMembers(file).catch((error: unknown) => {
    throw new Damaged([`it is no whole tar file: ${error instanceof Error ? error.message : error}`]);
  });
  const members = new Map(all.map((member) => [member.name, member]));
  const { manifest, checksum } = await readManifest(file, members);
  const tally = createTally(manifest);
  const problems: string[] = [];
  for (const part of manifest.parts) {
    const member = members.get(part.name);
    if (!member) {
      problems.push(`${part.name} is missing`);
      continue;
    }
    const bytes = await readMember(file, member);
    if (bytes.length !== part.bytes || sha256(bytes) !== part.sha256) {
      problems.push(`${part.name} is not what it was when it was written`);
      continue;
    }
    const rows = tally.count(part, await contentOf(part, bytes));
    if (rows !== part.rows) problems.push(`${part.name} has ${rows} rows, not ${part.rows}`);
  }
  const known = new Set([MANIFEST, MANIFEST_SUM, ...manifest.parts.map(({ name }) => name)]);
  for (const name of members.keys()) if (!known.has(name)) problems.push(`${name} is not in the manifest`);
  problems.push(...(problems.length === 0 ? tally.problems() : []));
  if (problems.length > 0) throw new Damaged(problems);
  const read = async (part: Part) => contentOf(part, await readMember(file, members.get(part.name)!));
  return { manifest, checksum, read };
}
