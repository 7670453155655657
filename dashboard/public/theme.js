// Runs before the first paint, so that a chosen theme never flashes the other one. Not inline, since the CSP forbids that.
try {
  const theme = localStorage.getItem("edgewise.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {}
