// Operating systems by what they say of themselves: [shown name, pattern whose first group is the version]. The first
// that matches wins: what claims to be another stands before it, and a pattern with a version before one without.

export const SYSTEMS: readonly (readonly [name: string, token: RegExp])[] = [
  ["Windows Phone", /Windows Phone(?: OS)?[ /](\d+(?:\.\d+)?)?|\bWPDesktop\b|ZuneWP7|\bwds (\d+\.\d+)/],
  ["Windows Mobile", /Windows CE|Windows Mobile|WinMo/],
  ["Xbox", /\bXbox\b/],
  ["watchOS", /watchOS[ /,](\d+(?:\.\d+)?)?|\bWatch\d+,\d+/],
  ["tvOS", /(?:tvOS|AppleTV[\d,]*|Apple TV)(?:\/(?:OS )?(\d+(?:\.\d+)?))?/],
  ["KaiOS", /KAIOS\/(\d+(?:\.\d+)?)/i],
  ["Tizen", /Tizen[ /](\d+(?:\.\d+)?)?/],
  ["HarmonyOS", /(?:Open)?Harmony(?:OS)?[ /](\d+(?:\.\d+)?)?/],
  ["webOS", /(?:Web0S|webOS(?:\.TV-\d+)?|hpwOS)(?:\/(\d+(?:\.\d+)?))?/],
  ["PlayStation", /PLAYSTATION|PlayStation/],
  ["Nintendo", /Nintendo/],
  ["Roku", /\bRoku/],
  ["Windows", /Windows NT (\d+\.\d+)/],
  ["Windows", /Windows|\bWin(?:32|64|NT|9[58x]|3\.1|16)?\b/],
  [
    "iOS",
    /(?:iPhone|iPad|iPod).*? OS (\d+(?:[._]\d+)?)|\b(?:iOS|iPhone OS|iPadOS)[ /_](\d+(?:[._]\d+)?)|iPhone|iPad|iPod/,
  ],
  ["iOS", /\biOS\b|CriOS|FxiOS|EdgiOS/],
  ["Chrome OS", /\bCrOS \S+ (\d+(?:\.\d+)?)|\bCrOS\b/],
  ["Symbian", /Symbian(?:OS)?(?:\/(\d+(?:\.\d+)?))?|\bS60|Series ?60/],
  ["BlackBerry OS", /BlackBerry|\bBB10\b|RIM Tablet OS (\d+(?:\.\d+)?)/],
  ["Firefox OS", /^Mozilla\/5\.0 \((?:Mobile|Tablet)(?:;[^;)]*)?; rv:[^)]*\) Gecko\/\S+ Firefox\//],
  [
    "Android",
    /Android(?: mobile)?[ /-](\d+(?:\.\d+)?)|Android|\bAdr (\d+(?:\.\d+)?)|\bKF[A-Z]{2,5}\b|\bSilk\b|\bQuest\b/i,
  ],
  ["Mac", /Mac OS X(?: Version)?[ /](\d+[._]\d+)|\bmacOS[ /](\d+(?:\.\d+)?)/],
  ["Mac", /Mac OS X|Macintosh|Mac_PowerPC/],
  ["Mac", /Darwin\/\S+ \((?:i386|x86_64|Power)/],
  ["iOS", /CFNetwork\/\S+ Darwin\//],
  ["Ubuntu", /Ubuntu(?:[ /](\d+\.\d+))?/],
  ["Fedora", /Fedora/],
  ["Debian", /Debian/],
  ["Sailfish", /Sailfish/],
  ["MeeGo", /MeeGo|Maemo/],
  ["FreeBSD", /FreeBSD/],
  ["OpenBSD", /OpenBSD/],
  ["NetBSD", /NetBSD/],
  ["Solaris", /SunOS/],
  ["GNU/Linux", /Linux|X11/],
];

/** Windows says the number of its kernel. 10.0 is also Windows 11, which the user agent hides. */
export const WINDOWS_VERSIONS: Record<string, string> = {
  "10.0": "10",
  "6.4": "10",
  "6.3": "8.1",
  "6.2": "8",
  "6.1": "7",
  "6.0": "Vista",
  "5.2": "XP",
  "5.1": "XP",
  "5.0": "2000",
};
