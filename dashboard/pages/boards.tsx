import type { Site } from "../../workers/domain/site.ts";
import { BoardList } from "../boards/board-list.tsx";
import { BoardView } from "../boards/board-view.tsx";

export function BoardsPage({ site, item }: { site: Site; item?: string | undefined }) {
  return item === undefined ? <BoardList site={site} /> : <BoardView key={item} site={site} id={item} />;
}
