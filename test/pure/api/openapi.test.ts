// The document that the API tells of itself.
import { describe, expect, it } from "vitest";
import { app } from "../../../workers/api/app.ts";
import { doorsOf, openApiDocument } from "../../../workers/api/openapi.ts";

const doors = doorsOf(app.routes);
const document = openApiDocument(doors);
const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path.replace(/(?<=.)\/$/, "")}`;

describe("the OpenAPI document", () => {
  it("has an operation for every route, and none besides but collect's", () => {
    const routes = app.routes.filter(({ method }) => method !== "ALL").map(nameOf);
    const missing = [...new Set(routes)].filter((route) => !doors.some((door) => nameOf(door) === route));
    expect(missing, "declare an operation as the first handler of these routes").toEqual([]);
    expect(doors.map(nameOf).filter((door) => !routes.includes(door))).toEqual(["POST /api/event"]);
  });

  it("names every operation once", () => {
    const ids = Object.values(document.paths as Record<string, Record<string, { operationId: string }>>).flatMap(
      (path) => Object.values(path).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(doors.length);
  });
});
