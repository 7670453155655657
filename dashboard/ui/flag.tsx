import { countryFlag, isCountryCode } from "../state/places.ts";

let drawn: boolean | undefined;

/** Whether this system's fonts draw flags, told by colour: without them a flag comes out as two plain letters or boxes. */
function flagsAreDrawn(): boolean {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!context) return false;
  context.font = "20px sans-serif";
  context.textBaseline = "top";
  context.fillText(countryFlag("FR"), 0, 0);
  const { data: bytes } = context.getImageData(0, 0, 24, 24);
  return bytes.some((value, i) => i % 4 === 0 && value !== bytes[i + 2]);
}

/** A country's flag, or its code in a small frame where flags cannot be drawn. The name stands beside it. */
export function Flag({ code }: { code: string }) {
  if (!isCountryCode(code)) return null;
  drawn ??= flagsAreDrawn();
  return (
    <span class={drawn ? "flag" : "flag code"} aria-hidden="true">
      {drawn ? countryFlag(code) : code}
    </span>
  );
}
