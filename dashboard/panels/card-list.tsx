// A site's things of one kind as cards, with a dialog for a new one.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Listed } from "../state/listed.ts";
import { Icon } from "../ui/icon.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";

interface CardListProps<Item> {
  title: string;
  list: Listed<Item>;
  card: (item: Item) => ComponentChildren;
  /** What its button says; null for who may not make one. */
  making: string | null;
  dialog: (onClose: () => void) => ComponentChildren;
  /** Told where there is none. */
  empty: { title: string; text: string };
}

export function CardList<Item>({ title, list, card, making, dialog, empty }: CardListProps<Item>) {
  const { items, failure, load } = list;
  const [isOpen, setOpen] = useState(false);
  const begin = making !== null && (
    <button type="button" class="button primary" onClick={() => setOpen(true)}>
      <Icon name="plus" />
      {making}
    </button>
  );
  return (
    <>
      <div class="page-head">
        <h1>{title}</h1>
        {items && items.length > 0 && begin}
      </div>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!items && !failure && <Skeleton lines={4} />}
      {items?.length === 0 && (
        <section class="panel">
          <Empty title={empty.title}>
            <p>{empty.text}</p>
            {begin}
          </Empty>
        </section>
      )}
      {items && items.length > 0 && <ul class="board-list">{items.map(card)}</ul>}
      {isOpen && dialog(() => setOpen(false))}
    </>
  );
}
