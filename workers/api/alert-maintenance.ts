// Times at which no rule of the site begins to fire.
import { Hono } from "hono";
import * as z from "zod";
import { judgeableThrough } from "../alerts/catch-up.ts";
import { quietSchema } from "../domain/alert.ts";
import type { Env } from "../env.ts";
import { findAlertRun, setMaintenance } from "../store/alert-runs.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { readValid } from "./read-json.ts";
import { siteOf } from "./site-of.ts";

const maintenanceSchema = z
  .strictObject({ windows: z.array(quietSchema).max(50, "name 50 windows or fewer; remove those that are over") })
  .meta({ id: "AlertMaintenance" });

export const alertMaintenance = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/alert-maintenance",
    operation({ summary: "Read a site's maintenance windows", needs: "query", replies: { 200: maintenanceSchema } }),
    async (c) => {
      const site = await siteOf(c, "query");
      return c.json({ windows: (await findAlertRun(c.env.DB, site.id))?.maintenance ?? [] });
    },
  )
  .put(
    "/:id/alert-maintenance",
    operation({
      summary: "Set a site's maintenance windows",
      needs: "define",
      about: "All of them. Within one no rule begins to fire; what still holds after it fires then.",
      body: maintenanceSchema,
      replies: { 200: maintenanceSchema },
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const { windows } = await readValid(c.req.raw, maintenanceSchema);
      const before = { windows: (await findAlertRun(c.env.DB, site.id))?.maintenance ?? [] };
      await setMaintenance(c.env.DB, site.id, { windows, through: judgeableThrough(Date.now()) });
      recordChange(c, { before, after: { windows } });
      return c.json({ windows });
    },
  );
