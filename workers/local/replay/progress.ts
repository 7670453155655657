// How far a replay is: a bar that redraws itself on a terminal, a line every five seconds elsewhere.

export interface ProgressState {
  /** Share of the whole, 0 to 1; null where nobody can know. */
  done: number | null;
  events: number;
  seconds: number;
}

export interface ProgressOutput {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const BAR_WIDTH = 24;
/** Back to the start of the line, and empties it. */
const CLEAR = "\r\x1b[K";

/** Draws what `state` returns, five times a second on a terminal, until the returned function is called. */
export function showProgress(out: ProgressOutput, state: () => ProgressState): () => void {
  const terminal = out.isTTY === true;
  const draw = () => {
    const text = progressText(state());
    if (!terminal) out.write(`${text}\n`);
    else out.write(`${CLEAR}${`${bar(state().done ?? 0)} ${text}`.slice(0, (out.columns ?? 80) - 1)}`);
  };
  const timer = setInterval(draw, terminal ? 200 : 5000);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (terminal) out.write(CLEAR);
  };
}

/** A line of its own, above the bar. */
export function say(out: ProgressOutput, text: string): void {
  out.write(`${out.isTTY === true ? CLEAR : ""}${text}\n`);
}

/** `42 %  123,456 events  9,800/s  12 s left`. */
export function progressText(state: ProgressState): string {
  const { done, events, seconds } = state;
  const rate = Math.round(events / Math.max(seconds, 0.001));
  const format = new Intl.NumberFormat("en");
  const sent = `${format.format(events)} events  ${format.format(rate)}/s`;
  if (done === null) return sent;
  const left = done > 0.01 && done < 1 ? `  ${duration((seconds / done) * (1 - done))} left` : "";
  return `${Math.floor(done * 100)} %  ${sent}${left}`;
}

function bar(done: number): string {
  const filled = Math.round(done * BAR_WIDTH);
  return `${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)}`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
