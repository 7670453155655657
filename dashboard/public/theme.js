// Runs before the first paint, so that a chosen theme never flashes the other one. Not inline, since the CSP forbids that.
try {
  const theme = localStorage.getItem("edgewise.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {}
// Every page of a site needs these two; they come while its code does.
if (location.pathname.startsWith("/sites/") && !location.hash) {
  for (const href of ["/api/v1/session", "/api/v1/sites"]) {
    document.head.append(
      Object.assign(document.createElement("link"), { rel: "preload", as: "fetch", crossOrigin: "anonymous", href }),
    );
  }
}
