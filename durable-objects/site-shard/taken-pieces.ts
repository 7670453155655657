// What a shard of a later epoch takes over from the shards of the epoch before, piece by piece, and how far it is.
import { covers, inRange, leadOf, overlapOf, type Piece, type VisitorRange } from "../../workers/domain/shard.ts";

/**
 * `sealed`: copies segments, which do not change. `logged`: copies what the log holds beyond them, again and again until
 * nothing is left. `ready`: has all of it, and answers for the piece if the old shard says so. `taken`: it said so.
 */
export type PieceState = "sealed" | "logged" | "ready" | "taken";

export interface TakenPiece extends Piece {
  state: PieceState;
  /** The old shard's segment that is being copied, and the rows of it that are done. */
  arrival: number;
  segment: number;
  row: number;
  /** Last log row of the old shard that is copied. */
  seq: number;
  /** Ids that the old shard received before are copied, milliseconds by its clock. */
  idsBefore: number;
  events: number;
}

export interface TakenPieces {
  readonly all: readonly TakenPiece[];
  /** The one to work on, or undefined when all is taken. */
  readonly next: TakenPiece | undefined;
  /** Ranges that this shard has wholly. */
  readonly held: VisitorRange[];
  /** True for shards of the first epoch too, which never took anything over. */
  readonly whole: boolean;
  /** Visitors whose history it has wholly. */
  owns(visitorId: string): boolean;
  holds(range: VisitorRange): boolean;
  begin(pieces: readonly Piece[]): void;
  update(oldShard: number, change: Partial<Omit<TakenPiece, keyof Piece>>): void;
}

const COLUMNS = `old_shard as oldShard, new_shard as newShard, from_lead as "from", to_lead as "to", state, arrival, segment, "row",
  seq, ids_before as idsBefore, events`;

export function createTakenPieces(sql: SqlStorage): TakenPieces {
  let all: TakenPiece[] = [];
  const read = () => {
    all = sql
      .exec<TakenPiece & Record<string, SqlStorageValue>>(`select ${COLUMNS} from taken_pieces order by from_lead`)
      .toArray();
  };
  read();
  const isHeld = ({ state }: TakenPiece) => state === "ready" || state === "taken";
  const held = () => all.filter(isHeld).map(({ from, to }) => ({ from, to }));
  return {
    get all() {
      return all;
    },
    get next() {
      return all.find(({ state }) => state !== "taken");
    },
    get held() {
      return held();
    },
    get whole() {
      return all.every(isHeld);
    },
    owns(visitorId) {
      if (all.every(isHeld)) return true;
      const lead = leadOf(visitorId);
      return all.some((piece) => isHeld(piece) && inRange(lead, piece));
    },
    holds: (range) =>
      all.length === 0 ||
      covers(
        held().filter((own) => overlapOf(own, range)),
        range,
      ),
    begin(pieces) {
      for (const { oldShard, newShard, from, to } of pieces) {
        sql.exec(
          "insert or ignore into taken_pieces values (?, ?, ?, ?, 'sealed', 0, 0, 0, 0, 0, 0)",
          oldShard,
          newShard,
          from,
          to,
        );
      }
      read();
    },
    update(oldShard, change) {
      const piece = { ...all.find((one) => one.oldShard === oldShard)!, ...change };
      sql.exec(
        'update taken_pieces set state = ?, arrival = ?, segment = ?, "row" = ?, seq = ?, ids_before = ?, events = ? where old_shard = ?',
        piece.state,
        piece.arrival,
        piece.segment,
        piece.row,
        piece.seq,
        piece.idsBefore,
        piece.events,
        oldShard,
      );
      read();
    },
  };
}
