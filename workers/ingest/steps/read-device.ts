import { readUserAgent, withViewport } from "../user-agent/read-user-agent.ts";
import type { Step } from "./index.ts";

export const readDevice: Step = {
  name: "read-device",
  run({ beacon, event }, { userAgent }) {
    const client = withViewport(readUserAgent(userAgent), beacon.width);
    event.browser = client.browser;
    event.browserVersion = client.browserVersion;
    event.os = client.os;
    event.osVersion = client.osVersion;
    event.device = client.device;
    return undefined;
  },
};
