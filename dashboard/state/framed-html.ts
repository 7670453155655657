// HTML of the server for a frame of this page. The frame inherits this page's policy, which forbids styles written in HTML, so they
// are put aside here and set by the object model once the frame has loaded; scripts run nowhere in it. Pure but for `applyStyles`.

/** Where a style waits until it may be set. */
const ASIDE = "data-framed-style";

export interface FramedHtml {
  html: string;
  /** Texts of its style elements. */
  sheets: string[];
}

/** Only within tags: what is told to the reader stays as it is. */
export function framedHtml(text: string): FramedHtml {
  const sheets: string[] = [];
  const without = text.replace(/<style\b[^>]*>([\s\S]*?)<\/style\s*>/gi, (_, sheet: string) => {
    sheets.push(sheet);
    return "";
  });
  const html = without.replace(/<[a-z](?:"[^"]*"|'[^']*'|[^>"'])*>/gi, (tag) =>
    tag.replace(/\sstyle=(?=["'])/gi, ` ${ASIDE}=`),
  );
  return { html, sheets };
}

/** Sets what was put aside, and lets links open beside the page. */
export function applyStyles(frame: Document, sheets: readonly string[]): void {
  const Sheet = frame.defaultView?.CSSStyleSheet;
  if (Sheet) {
    frame.adoptedStyleSheets = sheets.map((text) => {
      const sheet = new Sheet();
      sheet.replaceSync(text);
      return sheet;
    });
  }
  for (const element of frame.querySelectorAll<HTMLElement | SVGElement>(`[${ASIDE}]`)) {
    element.style.cssText = element.getAttribute(ASIDE) ?? "";
    element.removeAttribute(ASIDE);
  }
  for (const link of frame.querySelectorAll("a")) {
    link.target = "_blank";
    link.rel = "noopener";
  }
}
