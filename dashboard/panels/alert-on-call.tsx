// Who is on call now and next, by rotation.
import { useState } from "preact/hooks";
import type { AlertChannel } from "../state/alerts.ts";
import { formatClock, formatDate } from "../state/format.ts";
import { type Listed, mapReply, useListed } from "../state/listed.ts";
import { endedEarly, loadOnCall, type OnCall, type Rotation, removeRotation, saveRotation } from "../state/on-call.ts";
import { Icon } from "../ui/icon.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { AlertRotationDialog, fieldsOf, StandInDialog } from "./alert-rotation-dialog.tsx";

interface OnCallProps {
  siteId: string;
  teamId: string;
  channels: readonly AlertChannel[];
  /** Null for those who may not change them. */
  rotations: Listed<Rotation> | null;
}

const SHOWN = 4;
const when = (at: number): string => `${formatDate(at)} ${formatClock(at)}`;

function Shifts({ shifts }: Pick<OnCall, "shifts">) {
  const [now, ...next] = shifts;
  if (!now) return null;
  const left = [...new Set(shifts.flatMap(({ skipped }) => skipped))];
  return (
    <>
      <p>
        <b>{now.person ?? "Nobody"}</b> until {when(now.until)}
        {now.isOverride && ", standing in"}
      </p>
      {left.length > 0 && (
        <p class="field-error" role="alert">
          {left.join(", ")} left the team and {left.length === 1 ? "is" : "are"} skipped; change the rotation.
        </p>
      )}
      <ol class="alert-shifts">
        {next.slice(0, SHOWN).map(({ from, person, isOverride }) => (
          <li key={from}>
            <span class="faint">{when(from)}</span> {person ?? "Nobody"}
            {isOverride && ", standing in"}
          </li>
        ))}
      </ol>
    </>
  );
}

type Open = { kind: "rotation" | "stand-in"; rotation: Rotation } | { kind: "new" };

interface ToolsProps {
  rotation: Rotation;
  /** Undefined while nobody stands in. */
  onEnd: (() => void) | undefined;
  onOpen: (open: Open) => void;
  onRemove: () => void;
}

function Tools({ rotation, onEnd, onOpen, onRemove }: ToolsProps) {
  const { name } = rotation;
  return (
    <span class="alert-acts">
      <button type="button" class="button small" onClick={() => onOpen({ kind: "stand-in", rotation })}>
        Stand in
      </button>
      {onEnd && (
        <button type="button" class="button small" onClick={onEnd}>
          End stand-in
        </button>
      )}
      <button
        type="button"
        class="icon-button"
        aria-label={`Edit the rotation ${name}`}
        onClick={() => onOpen({ kind: "rotation", rotation })}
      >
        <Icon name="edit" />
      </button>
      <button type="button" class="icon-button" aria-label={`Remove the rotation ${name}`} onClick={onRemove}>
        <Icon name="trash" />
      </button>
    </span>
  );
}

export function AlertOnCall({ siteId, teamId, channels, rotations }: OnCallProps) {
  const [open, setOpen] = useState<Open | null>(null);
  const onCall = useListed(siteId, async () => mapReply(await loadOnCall(siteId), (reply) => reply.rotations));
  const reload = () => void Promise.all([onCall.load(), rotations?.load()]);
  const { items } = onCall;
  const failure = onCall.failure ?? rotations?.failure;
  const remove = async ({ id, name }: Rotation) => {
    if (!rotations || !confirm(`Remove the rotation “${name}”?`)) return;
    if (await rotations.change(removeRotation(siteId, id))) await onCall.load();
  };
  const end = async (rotation: Rotation) => {
    const now = Date.now();
    // Where they overlap the later in the list counts.
    const running = rotation.overrides.findLast(({ from, until }) => from <= now && now < until);
    if (!rotations || !running) return reload();
    const overrides = endedEarly(rotation.overrides, running, now);
    if (await rotations.change(saveRotation(siteId, { ...fieldsOf(rotation), overrides }, rotation.id))) {
      await onCall.load();
    }
  };
  return (
    <section class="panel form">
      <div class="section-head">
        <h2>On call</h2>
        {rotations && (
          <button type="button" class="button" onClick={() => setOpen({ kind: "new" })}>
            <Icon name="plus" />
            New rotation
          </button>
        )}
      </div>
      {failure && <Failed failure={failure} onRetry={reload} />}
      {!items && !failure && <Skeleton lines={2} />}
      {items?.length === 0 && <p>Nobody is on call. A rotation says who is woken, day by day or week by week.</p>}
      <ul class="alert-incidents">
        {items?.map(({ id, name, shifts }) => {
          const rotation = rotations?.items?.find((one) => one.id === id);
          return (
            <li key={id}>
              <div class="alert-line">
                <b>{name}</b>
                {rotation && (
                  <Tools
                    rotation={rotation}
                    onEnd={shifts[0]?.isOverride ? () => void end(rotation) : undefined}
                    onOpen={setOpen}
                    onRemove={() => void remove(rotation)}
                  />
                )}
              </div>
              <Shifts shifts={shifts} />
            </li>
          );
        })}
      </ul>
      {open && open.kind !== "stand-in" && (
        <AlertRotationDialog
          siteId={siteId}
          teamId={teamId}
          channels={channels}
          rotation={open.kind === "new" ? undefined : open.rotation}
          onSaved={reload}
          onClose={() => setOpen(null)}
        />
      )}
      {open?.kind === "stand-in" && (
        <StandInDialog siteId={siteId} rotation={open.rotation} onSaved={reload} onClose={() => setOpen(null)} />
      )}
    </section>
  );
}
