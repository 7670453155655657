import type { BlockOf } from "../draw-block.ts";
import { BODY } from "../look.ts";
import type { Sheet } from "../sheet.ts";

export function paragraph(sheet: Sheet, { text }: BlockOf<"paragraph">): void {
  sheet.write(text, BODY);
}
