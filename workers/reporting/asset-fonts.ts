// Fonts of PDF files, from the Worker's assets.
import { AppError } from "../domain/errors.ts";
import { FONTS_PATH } from "../domain/report-fonts.ts";
import type { Env } from "../env.ts";
import type { ReportFilePorts } from "../reports/formats/format.ts";

/** Assets are asked by path; the host says nothing. */
const ANY_HOST = "https://assets.invalid";

export function assetFonts({ ASSETS }: Pick<Env, "ASSETS">): ReportFilePorts {
  return {
    async font(file) {
      const reply = await ASSETS?.fetch(ANY_HOST + FONTS_PATH + file);
      // Where a file is missing, assets answer with the dashboard's page.
      const isFont = reply?.ok && !(reply.headers.get("content-type") ?? "").startsWith("text/html");
      if (!reply || !isFont)
        throw new AppError(
          "unavailable",
          `the font ${file} of PDF files is not among the assets; run npm run build, and deploy with them`,
        );
      return new Uint8Array(await reply.arrayBuffer());
    },
  };
}
