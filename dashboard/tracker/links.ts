// Clicks that leave the site or fetch a file. Only watched: the browser's own navigation goes on untouched.

import { track } from "./event.ts";
import { options } from "./options.ts";
import { on } from "./safe.ts";

const FILES = "7z|csv|dmg|docx?|exe|gz|mov|mp[34]|pdf|pkg|pptx?|rar|rtf|txt|wav|xlsx?|zip";

export function watchLinks(): void {
  const fileName = RegExp(`\\.(${options.downloads?.replace(/\W+/g, "|") || FILES})$`, "i");
  on("click auxclick", (event: MouseEvent) => {
    // The path reaches into open shadow roots, where the event's target does not.
    const link = event.composedPath().find(isLink);
    // Above 1, the middle button, nothing is opened.
    if (!link || event.button > 1) return;
    const name =
      options.downloads !== "off" && (link.hasAttribute("download") || fileName.test(link.pathname))
        ? "file_downloaded"
        : options.outbound !== "off" && link.host !== location.host && "outbound_link_clicked";
    if (name) track(name, { props: { url: link.host + link.pathname } });
  });
}

/** Mail and script links have no host; an area of an image map is a link too. */
function isLink(target: Partial<HTMLAnchorElement>): target is HTMLAnchorElement {
  return !!(target.host && target.href);
}
