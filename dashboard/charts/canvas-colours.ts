/** A colour token as a canvas understands it: CSS resolves light and dark, a canvas does not. */
export function colourOf(token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** The same colour, more transparent; `alpha` in 0..1. */
export function faded(colour: string, alpha: number): string {
  const parts = colour.match(/[\d.]+/g)?.slice(0, 3) ?? ["0", "0", "0"];
  return colour.startsWith("rgb") ? `rgba(${parts.join(", ")}, ${alpha})` : colour;
}

const channels = (colour: string): number[] => (colour.match(/[\d.]+/g)?.slice(0, 3) ?? ["0", "0", "0"]).map(Number);

/** From one colour (0) to another (1). */
export function mixed(from: string, to: string, share: number): string {
  const [a, b] = [channels(from), channels(to)];
  return `rgb(${a.map((part, i) => Math.round(part + ((b[i] ?? 0) - part) * share)).join(", ")})`;
}
