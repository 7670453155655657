// In the place of a channel's id: a member of the team, told by the e-mail address that they sign in with.
const PREFIX = "member:";

export const memberChannel = (member: string): string => `${PREFIX}${member}`;

/** Null for a channel that somebody made. */
export const memberOfChannel = (channelId: string): string | null =>
  channelId.startsWith(PREFIX) ? channelId.slice(PREFIX.length) : null;
