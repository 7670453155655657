// Paths as a flow from left to right. Pointing at a page, or reaching it by keyboard, shows what leads to it and from it.
import { useState } from "preact/hooks";
import { formatCount, formatExact, formatPercent, shorten } from "../state/format.ts";
import { layOut, NODE_WIDTH, type PlacedNode } from "../state/sankey.ts";
import { nodeName } from "../state/table-model.ts";
import type { ChartProps } from "./definition.ts";

const COLUMN = 230;
const HEIGHT = 460;
const LETTERS = 26;

function stopsText({ sessions, stops }: PlacedNode["node"]): string {
  if (!stops) return "";
  return `, ${formatExact(stops)} (${formatPercent((100 * stops) / sessions)}) go no further`;
}

/** Begins with what is seen, since who speaks to the page says that; in full where that is shortened. */
function spokenName(node: PlacedNode["node"]): string {
  const name = nodeName(node);
  const seen = shorten(name, LETTERS);
  const inFull = seen === name ? "" : `, in full ${name}`;
  return `${seen} ${formatCount(node.sessions)} visits at step ${node.step + 1}${stopsText(node)}${inFull}`;
}

export function SankeyChart({ content, title, onValue }: ChartProps<"paths">) {
  const { width, height, nodes, ribbons } = layOut(content.answer, { columnWidth: COLUMN, height: HEIGHT });
  const [pointed, setPointed] = useState<string | null>(null);
  const natural = width + COLUMN - 40;
  const choose = ({ kind, value }: PlacedNode["node"]) =>
    kind !== "rest" && onValue?.(kind === "page" ? "event:page" : "event:name", value);
  const near = (source: string, target: string) => pointed === null || pointed === source || pointed === target;
  return (
    <div class="sankey">
      {/* biome-ignore lint/a11y/useSemanticElements: nothing but a drawing holds a drawing's buttons, and an image none */}
      <svg
        role="group"
        viewBox={`0 0 ${natural} ${height + 12}`}
        style={{ "--natural": `${natural}px` }}
        aria-label={title}
      >
        <g>
          {ribbons.map(({ key, source, target, sessions, path, width: thickness }) => (
            <path
              key={key}
              class={near(source.node.id, target.node.id) ? "ribbon" : "ribbon away"}
              d={path}
              style={{ strokeWidth: thickness }}
            >
              <title>{`${nodeName(source.node)} → ${nodeName(target.node)}: ${formatExact(sessions)}`}</title>
            </path>
          ))}
        </g>
        {nodes.map(({ node, x, y, height: tall }) => (
          // biome-ignore lint/a11y/useSemanticElements: there is no button inside a drawing
          <g
            key={node.id}
            class={`sankey-node ${node.kind}`}
            role="button"
            tabindex={0}
            aria-label={spokenName(node)}
            onMouseEnter={() => setPointed(node.id)}
            onMouseLeave={() => setPointed(null)}
            onFocus={() => setPointed(node.id)}
            onBlur={() => setPointed(null)}
            onClick={() => choose(node)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" && event.key !== " ") return;
              event.preventDefault();
              choose(node);
            }}
          >
            <rect x={x} y={y} width={NODE_WIDTH} height={tall} rx={2} />
            <text x={x + NODE_WIDTH + 7} y={y + Math.max(tall / 2, 6)} dominant-baseline="middle">
              {shorten(nodeName(node), LETTERS)} <tspan class="sankey-count">{formatCount(node.sessions)}</tspan>
            </text>
            <title>{`${nodeName(node)}: ${formatExact(node.sessions)} visits${stopsText(node)}`}</title>
          </g>
        ))}
      </svg>
    </div>
  );
}
