// Serves the Worker of test/workerd/ringing-worker.ts as `npm start` serves the product's; prints one line of JSON when ready.

import { fileURLToPath } from "node:url";
import { startServer } from "../../workers/local/server.ts";
import { stopOnSignal } from "../../workers/local/start.ts";

const server = await startServer({ main: fileURLToPath(new URL("../workerd/ringing-worker.ts", import.meta.url)) });
stopOnSignal(server.stop);
console.log(JSON.stringify({ url: server.url, adminToken: server.adminToken }));
