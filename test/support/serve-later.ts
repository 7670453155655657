// `npm start` of so many days from now, by EDGEWISE_TEST_DAYS: Node's clock is put forward, by which cron tells its jobs the
// time. workerd's is not, so that nothing ends there by its own time.
import { startServer } from "../../workers/local/server.ts";
import { stopOnSignal } from "../../workers/local/start.ts";

const ahead = Number(process.env.EDGEWISE_TEST_DAYS) * 86_400_000;
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...given: [] | [number]) {
    super(given[0] ?? Real.now() + ahead);
  }
} as DateConstructor; // for `new Date()` of the cron alone

const server = await startServer();
stopOnSignal(server.stop);
console.log(JSON.stringify({ url: server.url, adminToken: server.adminToken }));
