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
