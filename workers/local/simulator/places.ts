// Where the simulated visitors live: weight, country, region, city, language.

import type { Weighted } from "./random.ts";

export interface Place {
  country: string;
  region: string;
  city: string;
  language: string;
}

const ROWS = [
  [9, "US", "California", "San Francisco", "en-US"],
  [8, "US", "New York", "New York", "en-US"],
  [5, "US", "Texas", "Austin", "en-US"],
  [4, "US", "Washington", "Seattle", "en-US"],
  [3, "US", "Illinois", "Chicago", "en-US"],
  [8, "DE", "Berlin", "Berlin", "de-DE"],
  [4, "DE", "Bavaria", "Munich", "de-DE"],
  [3, "DE", "Hamburg", "Hamburg", "de-DE"],
  [9, "GB", "England", "London", "en-GB"],
  [2, "GB", "Scotland", "Edinburgh", "en-GB"],
  [6, "FR", "Île-de-France", "Paris", "fr-FR"],
  [2, "FR", "Auvergne-Rhône-Alpes", "Lyon", "fr-FR"],
  [4, "NL", "North Holland", "Amsterdam", "nl-NL"],
  [4, "CA", "Ontario", "Toronto", "en-CA"],
  [2, "CA", "Quebec", "Montreal", "fr-CA"],
  [6, "IN", "Karnataka", "Bengaluru", "en-IN"],
  [3, "IN", "Maharashtra", "Mumbai", "en-IN"],
  [4, "BR", "São Paulo", "São Paulo", "pt-BR"],
  [3, "ES", "Madrid", "Madrid", "es-ES"],
  [3, "PL", "Masovia", "Warsaw", "pl-PL"],
  [3, "AU", "New South Wales", "Sydney", "en-AU"],
  [3, "JP", "Tokyo", "Tokyo", "ja-JP"],
  [2, "IT", "Lombardy", "Milan", "it-IT"],
  [2, "SE", "Stockholm", "Stockholm", "sv-SE"],
  [2, "CH", "Zurich", "Zurich", "de-CH"],
  [1, "SG", "Singapore", "Singapore", "en-SG"],
  [1, "MX", "Mexico City", "Mexico City", "es-MX"],
  [1, "ZA", "Western Cape", "Cape Town", "en-ZA"],
] as const;

export const PLACES: readonly Weighted<Place>[] = ROWS.map(([weight, country, region, city, language]) => [
  weight,
  { country, region, city, language },
]);
