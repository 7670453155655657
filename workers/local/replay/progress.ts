// How far a replay is: a bar that redraws itself on a terminal, a line every five seconds elsewhere.

export interface ProgressState {
  /** Of the file, before unpacking. */
  bytesRead: number;
  bytesTotal: number;
  events: number;
  seconds: number;
}

export interface ProgressOutput {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

export interface Progress {
  /** A line above the bar. */
  say(text: string): void;
  /** Draws for the last time. */
  stop(): void;
}

const BAR_WIDTH = 24;

/** Draws what `state` returns, five times a second on a terminal. */
export function showProgress(out: ProgressOutput, state: () => ProgressState): Progress {
  const terminal = out.isTTY === true;
  const draw = () => {
    if (!terminal) out.write(`${progressText(state())}\n`);
    else out.write(`\r\x1b[K${`${bar(state())} ${progressText(state())}`.slice(0, (out.columns ?? 80) - 1)}`);
  };
  const timer = setInterval(draw, terminal ? 200 : 5000);
  timer.unref();
  return {
    say: (text) => {
      out.write(terminal ? `\r\x1b[K${text}\n` : `${text}\n`);
      if (terminal) draw();
    },
    stop: () => {
      clearInterval(timer);
      if (terminal) out.write("\r\x1b[K");
    },
  };
}

/** `42 %  123,456 events  9,800/s  12 s left`. */
export function progressText(state: ProgressState): string {
  const { events, seconds } = state;
  const done = share(state);
  const rate = Math.round(events / Math.max(seconds, 0.001));
  const left = done > 0.01 && done < 1 ? `  ${duration((seconds / done) * (1 - done))} left` : "";
  const format = new Intl.NumberFormat("en");
  return `${Math.floor(done * 100)} %  ${format.format(events)} events  ${format.format(rate)}/s${left}`;
}

function bar(state: ProgressState): string {
  const filled = Math.round(share(state) * BAR_WIDTH);
  return `${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)}`;
}

function share({ bytesRead, bytesTotal }: ProgressState): number {
  return bytesTotal === 0 ? 1 : Math.min(1, bytesRead / bytesTotal);
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
