// A question at the foot of the page, for sites that have no consent platform: a yes and a no that look alike, reachable by
// keyboard, in the page's own colours. It takes no focus when the page opens, and gives it back when it was called for.

import type { Purpose } from "../../../workers/domain/consent.ts";
import { options } from "../options.ts";
import { safe } from "../safe.ts";
import { answer, answered } from "./gate.ts";
import { textOf } from "./texts.ts";

const STYLE = `:host{all:initial}
section{position:fixed;inset:auto 0 0;z-index:2147483647;max-height:90vh;overflow:auto;box-sizing:border-box;padding:1rem 1.25rem;font:1rem/1.5 var(--edgewise-consent-font,system-ui,sans-serif);color:var(--edgewise-consent-text,#1a1a1a);background:var(--edgewise-consent-background,#fff);border-top:1px solid var(--edgewise-consent-border,#767676)}
p,fieldset{margin:0 0 .75rem;padding:0;border:0}
p,label{max-width:45rem}
label{display:flex;gap:.5rem;align-items:center;min-height:2.75rem}
input{width:1.25rem;height:1.25rem;margin:0}
a{color:inherit}
div{display:flex;flex-wrap:wrap;gap:.75rem}
button{min-height:2.75rem;padding:.5rem 1.25rem;font:inherit;font-weight:600;cursor:pointer;border:1px solid;border-radius:.375rem;color:var(--edgewise-consent-button-text,#fff);background:var(--edgewise-consent-button,#1a1a1a)}
:focus-visible{outline:3px solid var(--edgewise-consent-focus,#0b57d0);outline-offset:2px}`;

let shown: HTMLElement | null = null;

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Partial<HTMLElementTagNameMap[Name]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = Object.assign(document.createElement(name), attributes);
  element.append(...children);
  return element;
}

/** Shown once, however often it is called for. `called`: by the visitor, so that focus goes there and back. */
export function showBanner(purposes: readonly Purpose[], called: boolean): void {
  if (shown) return;
  const before = document.activeElement;
  const host = make("div", {});
  const root = host.attachShadow({ mode: "open" });
  const close = (said?: (purpose: Purpose) => boolean) => {
    host.remove();
    shown = null;
    if (called && before instanceof HTMLElement) before.focus();
    if (said) answer(Object.fromEntries(purposes.map((purpose) => [purpose, said(purpose)])));
  };
  const boxes = new Map(
    purposes.map((purpose) => [purpose, make("input", { type: "checkbox", checked: answered()[purpose] === true })]),
  );
  const button = (text: string, said: (purpose: Purpose) => boolean) =>
    make("button", { type: "button", onclick: safe(() => close(said)) }, text);
  const isMany = purposes.length > 1;
  const text = make("p", { id: "text" }, textOf("text"));
  if (options.consentLink) text.append(" ", make("a", { href: options.consentLink }, textOf("linkText")));
  const choices = [...boxes].map(([purpose, box]) => make("label", {}, box, textOf(purpose)));
  const section = make(
    "section",
    { role: "dialog", tabIndex: -1 },
    text,
    ...(isMany ? [make("fieldset", {}, make("legend", {}, textOf("choose")), ...choices)] : []),
    make(
      "div",
      {},
      button(textOf("accept"), () => true),
      button(textOf("refuse"), () => false),
      ...(isMany ? [button(textOf("save"), (purpose) => boxes.get(purpose)!.checked)] : []),
    ),
  );
  section.setAttribute("aria-label", textOf("label"));
  section.setAttribute("aria-describedby", "text");
  // Not an answer: nothing is allowed by it, and nothing refused.
  section.onkeydown = safe(({ key }) => key === "Escape" && close());
  style(root);
  root.append(section);
  shown = host;
  // First in the order of the keyboard.
  document.body.prepend(host);
  if (called) section.focus();
}

/** As a sheet, which a page's policy on styles does not forbid. Without them the question is plain, and works. */
function style(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {}
}
