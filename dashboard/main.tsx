import { render } from "preact";
import { App, loadAhead } from "./app.tsx";
import { startRouter } from "./state/router.ts";
import { startSession } from "./state/session.ts";
import { startTheme } from "./state/theme.ts";
import "./styles/index.css";

startTheme();
startRouter();
// Who comes by a sign-in link may read nothing yet.
const mayRead = !location.hash.startsWith("#token=");
void startSession();
if (mayRead) loadAhead();

const root = document.getElementById("app");
if (root) render(<App />, root);
