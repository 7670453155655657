import type { Dimension } from "../dimension.ts";
import { countryNameDimension } from "./country-name.ts";
import { eventDimension } from "./event.ts";
import { goalDimension } from "./goal.ts";
import { PROPERTY_PREFIX, propertyDimension } from "./property.ts";
import { timeDimension } from "./time.ts";
import { pageOfVisit, visitDimension } from "./visit.ts";

export const dimensions = {
  "event:page": eventDimension("Page", "path"),
  "event:name": eventDimension("Event", "name"),
  "event:hostname": eventDimension("Host", "hostname"),
  "event:title": eventDimension("Title", "title"),
  "event:goal": goalDimension,
  "visit:entry_page": pageOfVisit("Entry page", "entry"),
  "visit:exit_page": pageOfVisit("Exit page", "exit"),
  "visit:entry_page_hostname": pageOfVisit("Entry host", "entry", "hostname"),
  "visit:exit_page_hostname": pageOfVisit("Exit host", "exit", "hostname"),
  "visit:source": visitDimension("Source", "source", "Direct / None"),
  "visit:channel": visitDimension("Channel", "channel"),
  "visit:referrer": visitDimension("Referrer", "referrer", "Direct / None"),
  "visit:utm_source": visitDimension("UTM source", "utmSource"),
  "visit:utm_medium": visitDimension("UTM medium", "utmMedium"),
  "visit:utm_campaign": visitDimension("UTM campaign", "utmCampaign"),
  "visit:utm_term": visitDimension("UTM term", "utmTerm"),
  "visit:utm_content": visitDimension("UTM content", "utmContent"),
  "visit:country": visitDimension("Country", "country"),
  "visit:region": visitDimension("Region", "region"),
  "visit:city": visitDimension("City", "city"),
  "visit:country_name": countryNameDimension,
  // Places come as the edge or an import names them, and no list of names is kept.
  "visit:region_name": visitDimension("Region name", "region"),
  "visit:city_name": visitDimension("City name", "city"),
  "visit:browser": visitDimension("Browser", "browser"),
  "visit:browser_version": visitDimension("Browser version", "browserVersion"),
  "visit:os": visitDimension("Operating system", "os"),
  "visit:os_version": visitDimension("Operating system version", "osVersion"),
  "visit:device": visitDimension("Device", "device"),
  "visit:screen": visitDimension("Screen", "device"),
  "visit:language": visitDimension("Language", "language"),
  "time:minute": timeDimension("Minute", "minute"),
  "time:hour": timeDimension("Hour", "hour"),
  "time:day": timeDimension("Day", "day"),
  "time:week": timeDimension("Week", "week"),
  "time:month": timeDimension("Month", "month"),
} satisfies Record<string, Dimension>;

const byName: Readonly<Record<string, Dimension>> = dimensions;

/** A listed dimension, or a property as `event:props:<name>`; undefined when there is none of that name. */
export function dimensionOf(name: string): Dimension | undefined {
  if (Object.hasOwn(byName, name)) return byName[name];
  if (name.startsWith(PROPERTY_PREFIX) && name.length > PROPERTY_PREFIX.length) {
    return propertyDimension(name.slice(PROPERTY_PREFIX.length));
  }
  return undefined;
}
