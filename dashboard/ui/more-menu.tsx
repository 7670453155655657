// What else can be done with the thing of a page.
import { Icon } from "./icon.tsx";
import { Menu, MenuItem } from "./menu.tsx";

/** What it says, whether it is shown, and what it does. */
export type MoreEntry = readonly [text: string, shown: boolean, act: () => void];

export function MoreMenu({ title, entries }: { title: string; entries: readonly MoreEntry[] }) {
  return (
    <Menu
      plain
      align="end"
      title={title}
      label={
        <>
          <Icon name="more" />
          <span class="unseen">{title}</span>
        </>
      }
    >
      {(close) =>
        entries
          .filter(([, shown]) => shown)
          .map(([text, , act]) => (
            <MenuItem
              key={text}
              onChoose={() => {
                close();
                act();
              }}
            >
              {text}
            </MenuItem>
          ))
      }
    </Menu>
  );
}
