import type { ReportFormat } from "../../workers/domain/report.ts";
import { REPORT_FILES } from "../state/reports.ts";
import { Icon } from "../ui/icon.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";

interface DownloadProps {
  title: string;
  /** What is to be known of the files; null for nothing. */
  note: string | null;
  onTake: (format: ReportFormat) => void;
}

export function DownloadMenu({ title, note, onTake }: DownloadProps) {
  return (
    <Menu
      title={title}
      align="end"
      label={
        <>
          <Icon name="down" />
          Download
        </>
      }
    >
      {(close) => (
        <>
          {note !== null && <p class="menu-empty">{note}</p>}
          {REPORT_FILES.map(({ format, label }) => (
            <MenuItem
              key={format}
              onChoose={() => {
                close();
                onTake(format);
              }}
            >
              {label}
            </MenuItem>
          ))}
        </>
      )}
    </Menu>
  );
}
