/** Hosts from which only paid search results link. Shown name → hosts; how they are read stands in `index.ts`. */
export const paidSearch: Record<string, string> = {
  Google: "syndicatedsearch.goog adsensecustomsearchads.com",
};
