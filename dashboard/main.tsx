import { render } from "preact";
import { App } from "./app.tsx";
import { startRouter } from "./state/router.ts";
import { startSession } from "./state/session.ts";
import { startTheme } from "./state/theme.ts";
import "./styles/index.css";

startTheme();
startRouter();
void startSession();

const root = document.getElementById("app");
if (root) render(<App />, root);
