// Paths as a flow from left to right. Pointing at a page, or reaching it by keyboard, shows what leads to it and from it.
import { useState } from "preact/hooks";
import { counted, formatCount, formatExact, formatPercent, shorten } from "../state/format.ts";
import { layOut, NODE_WIDTH, type PlacedNode } from "../state/sankey.ts";
import { nodeName } from "../state/table-model.ts";
import { useSize } from "../ui/size.ts";
import type { ChartProps } from "./definition.ts";

/** Pixels. Narrower, names would say nothing, and the drawing is pushed sideways; wider, ribbons would be all. */
const COLUMN = { least: 160, most: 300 };
const LETTER = 6.8;
const COUNT_ROOM = 48;
/** For the name of a thin node at the bottom. */
const EDGE = 12;

function stopsText({ sessions, stops }: PlacedNode["node"]): string {
  if (!stops) return "";
  return `, ${formatExact(stops)} (${formatPercent((100 * stops) / sessions)}) go no further`;
}

/** Begins with what is seen, since who speaks to the page says that; in full where that is shortened. */
function spokenName(node: PlacedNode["node"], letters: number): string {
  const name = nodeName(node);
  const seen = shorten(name, letters);
  const inFull = seen === name ? "" : `, in full ${name}`;
  return `${seen} ${counted(node.sessions, "visit", formatCount)} at step ${node.step + 1}${stopsText(node)}${inFull}`;
}

export function SankeyChart({ content, title, onValue }: ChartProps<"paths">) {
  const [frame, size] = useSize();
  const [pointed, setPointed] = useState<string | null>(null);
  const columns = new Set(content.answer.nodes.map(({ step }) => step)).size;
  const columnWidth = Math.min(COLUMN.most, Math.max(COLUMN.least, Math.floor(size.width / Math.max(1, columns))));
  const letters = Math.floor((columnWidth - NODE_WIDTH - COUNT_ROOM) / LETTER);
  const { height, nodes, ribbons } = layOut(content.answer, { columnWidth, height: size.height - EDGE });
  const choose = ({ kind, value }: PlacedNode["node"]) =>
    kind !== "rest" && onValue?.(kind === "page" ? "event:page" : "event:name", value);
  const near = (source: string, target: string) => pointed === null || pointed === source || pointed === target;
  return (
    <div class="sankey" ref={frame}>
      {/* biome-ignore lint/a11y/useSemanticElements: nothing but a drawing holds a drawing's buttons, and an image none */}
      <svg role="group" width={columns * columnWidth} height={height + EDGE} aria-label={title}>
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
            aria-label={spokenName(node, letters)}
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
              {shorten(nodeName(node), letters)} <tspan class="sankey-count">{formatCount(node.sessions)}</tspan>
            </text>
            <title>{`${nodeName(node)}: ${counted(node.sessions, "visit")}${stopsText(node)}`}</title>
          </g>
        ))}
      </svg>
    </div>
  );
}
