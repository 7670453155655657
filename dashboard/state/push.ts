// This browser as a channel of alerts: its subscription to its push service, by the service worker `public/push.js`.
import { type Failure, type Reply, request } from "./api.ts";
import { sitePath } from "./sites.ts";

const WORKER = "/push.js";
/** Of no page: the worker answers pushes alone. */
const SCOPE = "/push/";

const refused = (detail: string): { ok: false; failure: Failure } => ({
  ok: false,
  failure: { status: 0, title: "No notifications", detail, errors: [] },
});

const canPush = (): boolean => isSecureContext && "serviceWorker" in navigator && "PushManager" in window;

async function subscribe({ pushManager }: ServiceWorkerRegistration, key: string): Promise<PushSubscription> {
  const options = { userVisibleOnly: true, applicationServerKey: key };
  try {
    return await pushManager.subscribe(options);
  } catch (error) {
    const former = await pushManager.getSubscription();
    // It is for another key, of a deployment that was here before.
    if (!former || !(error instanceof DOMException) || error.name !== "InvalidStateError") throw error;
    await former.unsubscribe();
    return pushManager.subscribe(options);
  }
}

/** A worker that was just registered can subscribe once it is active. */
async function registered(): Promise<ServiceWorkerRegistration> {
  const registration = await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || !worker) return registration;
  return new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve(registration);
      if (worker.state === "redundant") reject(new Error("the service worker could not be installed"));
    });
  });
}

/** The settings of a push channel that leads to this browser; asks the person who sits before it. */
export async function subscribeBrowser(site: string): Promise<Reply<Record<string, string>>> {
  if (!canPush()) return refused("This browser cannot: it needs https, or a page of this machine, and Web Push.");
  // Asked for at once, while the browser still knows that somebody pressed a button.
  const permission = await Notification.requestPermission();
  if (permission !== "granted")
    return refused("This browser may not show notifications here; allow it in its settings.");
  const asked = await request<{ publicKey: string }>(`${sitePath(site)}/alert-push-key`);
  if (!asked.ok) return asked;
  try {
    const { endpoint, keys } = (await subscribe(await registered(), asked.value.publicKey)).toJSON();
    const { p256dh, auth } = keys ?? {};
    if (!endpoint || !p256dh || !auth) return refused("The browser's push service gave no key.");
    return { ok: true, value: { url: endpoint, p256dh, auth } };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refused(`The browser's push service did not answer: ${why}`);
  }
}
