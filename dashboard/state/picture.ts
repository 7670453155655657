// A part of the page as a PNG, at twice its size, so that it is sharp in documents and on slides.
import { fileName, saveFile } from "./download.ts";

/** Hands the picture to the browser's downloads; null when it went well, else what went wrong. */
export async function savePicture(element: HTMLElement, title: string): Promise<string | null> {
  try {
    const { domToBlob } = await import("modern-screenshot");
    const backgroundColor = getComputedStyle(element).backgroundColor;
    // Fonts are the system's; to look for others it would write a style sheet into the page, which the page forbids.
    const blob = await domToBlob(element, { scale: 2, backgroundColor, font: false });
    saveFile(blob, fileName(title, "png"));
    return null;
  } catch {
    return "This browser could not draw the picture. Take a screenshot, or download the figures.";
  }
}
