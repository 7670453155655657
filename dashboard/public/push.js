// Shows what the push channel of alerts sends, and leads to it. As workers/delivery/channels/push.ts makes it.
self.addEventListener("push", (event) => {
  const { title, body, tag, link, acknowledge } = event.data.json();
  event.waitUntil(
    self.registration.showNotification(title, {
      body,
      tag,
      renotify: true,
      icon: "/favicon.svg",
      data: { link, acknowledge },
      actions: acknowledge ? [{ action: "acknowledge", title: "Acknowledge" }] : [],
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  const { notification, action } = event;
  const { link, acknowledge } = notification.data;
  notification.close();
  // That page has a button; nothing is acknowledged by looking at it.
  const address = action === "acknowledge" ? acknowledge : link;
  if (address) event.waitUntil(self.clients.openWindow(address));
});
