/** Query keys that advertising platforms add to a link. `paid`: only added to advertisements. */
export const CLICK_IDS: Record<string, { source: string; paid: boolean }> = {
  gclid: { source: "Google", paid: true },
  gbraid: { source: "Google", paid: true },
  wbraid: { source: "Google", paid: true },
  msclkid: { source: "Bing", paid: true },
  yclid: { source: "Yandex", paid: true },
  ttclid: { source: "TikTok", paid: true },
  twclid: { source: "Twitter", paid: true },
  li_fat_id: { source: "LinkedIn", paid: true },
  // Facebook puts it on every outgoing link, paid or not.
  fbclid: { source: "Facebook", paid: false },
};
