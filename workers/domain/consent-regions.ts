/** Where the law wants a visitor asked first: ISO 3166-1 alpha-2, with those overseas parts that have codes of their own. */
export const REGIONS_THAT_ASK: readonly string[] = [
  // European Union
  ...["AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU"],
  ...["MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"],
  // Its parts overseas, where its law holds
  ...["AX", "GF", "GP", "MF", "MQ", "RE", "YT"],
  // European Economic Area
  ...["IS", "LI", "NO"],
  // United Kingdom and Switzerland
  ...["GB", "CH"],
];
