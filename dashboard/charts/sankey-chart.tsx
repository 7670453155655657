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

export function SankeyChart({ content, title, onValue }: ChartProps<"paths">) {
  const { width, height, nodes, ribbons } = layOut(content.answer, { columnWidth: COLUMN, height: HEIGHT });
  const [pointed, setPointed] = useState<string | null>(null);
  const near = (source: string, target: string) => pointed === null || pointed === source || pointed === target;
  return (
    <div class="sankey">
      <svg
        viewBox={`0 0 ${width + COLUMN - 40} ${height + 12}`}
        style={{ minWidth: `${(width + COLUMN) * 0.62}px` }}
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
            tabIndex={0}
            aria-label={`Step ${node.step + 1}: ${nodeName(node)}, ${formatExact(node.sessions)} visits${stopsText(node)}`}
            onMouseEnter={() => setPointed(node.id)}
            onMouseLeave={() => setPointed(null)}
            onFocus={() => setPointed(node.id)}
            onBlur={() => setPointed(null)}
            onClick={() =>
              node.kind !== "rest" && onValue?.(node.kind === "page" ? "event:page" : "event:name", node.value)
            }
            onKeyDown={(event) => {
              if (event.key !== "Enter" || node.kind === "rest") return;
              onValue?.(node.kind === "page" ? "event:page" : "event:name", node.value);
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
