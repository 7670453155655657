/** Advertising networks that show banners. Shown name → hosts; how they are read stands in `index.ts`. */
export const displayNetworks: Record<string, string> = {
  AppLovin: "applovin.com",
  Criteo: "criteo.com criteo.net",
  Google: "doubleclick.net googlesyndication.com googleadservices.com",
  Outbrain: "outbrain.com",
  Taboola: "taboola.com taboolanews.com",
};
