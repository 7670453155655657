// Leaving out one's own visits: a bookmark that is pressed on the tracked site, whose storage only a page of it can reach.
import { CopyButton } from "../ui/copy-button.tsx";

const LINE = 'localStorage.edgewise_ignore = "true"';

/** Pressed again, it counts them again. */
const TOGGLE = [
  'const out = localStorage.edgewise_ignore !== "true";',
  'if (out) localStorage.edgewise_ignore = "true"; else localStorage.removeItem("edgewise_ignore");',
  'alert(out ? "Your visits from this browser are left out." : "Your visits from this browser are counted again.");',
].join(" ");

const BOOKMARK = `javascript:${encodeURIComponent(`(() => { ${TOGGLE} })()`)}`;

export function OwnVisits() {
  return (
    <section class="panel form">
      <h2>Your own visits</h2>
      <p>
        Drag the first button to your bookmarks bar, open your site, and press it there: this browser is no longer
        counted. Pressed again, it is. On a phone, or without a bookmarks bar, run the line in the console of your site.
      </p>
      <div class="actions">
        {/* It is of use on the tracked site alone: here a click would only change the dashboard's own storage. */}
        <a class="button" href={BOOKMARK} onClick={(event) => event.preventDefault()}>
          Leave out my visits
        </a>
        <CopyButton text={LINE} label="Copy the line" quiet />
      </div>
    </section>
  );
}
