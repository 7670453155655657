// The state of a shard as the first version wrote it: its tables, a block of three events and a log row of one.

/** Of visitors a1 (/a, then /b) and b2 (/b with a property) on 2026-11-20. */
export const FIRST_BLOCK =
  "AQMAAFyphB96QgAAqMaEH3pCAEDHxoQfekIgAmF0AQ0FZGVsYXkBBwRuYW1lAA4JdmlzaXRvcklkAA4GdXNlcklkAAYMcGVyc2lzdGVudElkAA" +
  "YIaG9zdG5hbWUAEgRwYXRoAA4FdGl0bGUACwhyZWZlcnJlcgAUBnNvdXJjZQAKB2NoYW5uZWwADgl1dG1Tb3VyY2UABgl1dG1NZWRpdW0ABgt1" +
  "dG1DYW1wYWlnbgAGB3V0bVRlcm0ABgp1dG1Db250ZW50AAYHY291bnRyeQAIBnJlZ2lvbgAGBGNpdHkABgdicm93c2VyAA0OYnJvd3NlclZlcn" +
  "Npb24ACQJvcwALCW9zVmVyc2lvbgAGBmRldmljZQANCGxhbmd1YWdlAAgIY3VycmVuY3kABgdjb25zZW50AAYMZW5nYWdlbWVudE1zAQgLc2Ny" +
  "b2xsRGVwdGgBCAZhbW91bnQBCARwbGFuAg1jesG+4mzDBt7yD4wAY0zh4uICAGNg5ChITE8ty0wtZwAAY2RigIBNUHohIwMjIwBjYGRgAABjYG" +
  "RgAABjYOQpzsgv0EutSMwtyEllAABjYGLST2LST2RkYGQAAGNgZA3JLMlJZQAAY2Dky0stL9ZLrUjMLchJ1a9gAABjYGTxSy0vZgAAY2DkCEpN" +
  "Sy0qSsxhAABjYGRgAABjYGRgAABjYGRgAABjYGRgAABjYGRgAABjYGRycWUAAGNgZGAAAGNgZGAAAGNgZHfLLEpNy69gAABjYGQ2NDZgAABjYG" +
  "T1ycwrrWAAAGNgZGAAAGNgZHdJLc4uyS9gAABjYGRKSWUAAGNgZGAAAGNgZGAAAGN8wc7AwAAAY3zBzsDAAABjfMHOwMAAAGNkYGBkVSooyldi" +
  "AAA=";

export const FIRST_AT = Date.UTC(2026, 10, 20, 9, 30);

/** Of visitor c3 on /a, an hour later: events then had a field less. */
export const FIRST_LOG =
  '["e1","pageview",1795170600000,1795170600500,"00000000000000c3","","","shop.example","/a","Title","news.example/x","News","Referral","","","","","","DE","","","Firefox","130","Linux","","Desktop","de",0,0,null,null,null]';

export const FIRST_TABLES = `
create table facts (name text primary key, value text not null) without rowid;
create table log (
  seq integer primary key autoincrement, import_id text not null, at_min integer not null, at_max integer not null,
  received_at integer not null, count integer not null, body text not null
);
create table segments (
  id integer primary key autoincrement, import_id text not null, at_min integer not null, at_max integer not null,
  received_at integer not null, count integer not null, body blob not null
);
create table seen (hour integer, part integer, words blob not null, counted text not null, primary key (hour, part)) without rowid;
create table import_lines (import_id text primary key, ranges text not null) without rowid;
create table dirty (start integer primary key);
create table strip (start integer primary key, pageviews integer not null, events integer not null);
create table drops (hour integer, reason text, count integer not null, primary key (hour, reason)) without rowid;
`;
