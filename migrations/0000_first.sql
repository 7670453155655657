CREATE TABLE `api_keys` (
	`hash` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`site_id` text NOT NULL,
	`label` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_id_unique` ON `api_keys` (`id`);--> statement-breakpoint
CREATE TABLE `drops` (
	`site_id` text NOT NULL,
	`shard` integer NOT NULL,
	`hour` integer NOT NULL,
	`reason` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`site_id`, `hour`, `reason`, `shard`)
);
--> statement-breakpoint
CREATE TABLE `goals` (
	`id` text PRIMARY KEY NOT NULL,
	`site_id` text NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`match` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `goals_by_site` ON `goals` (`site_id`);--> statement-breakpoint
CREATE TABLE `imports` (
	`site_id` text NOT NULL,
	`id` text NOT NULL,
	`label` text NOT NULL,
	`visitors` text NOT NULL,
	`bots` text NOT NULL,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `raw_events` (
	`site_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`shard` integer NOT NULL,
	`seq` integer NOT NULL,
	`import_id` text NOT NULL,
	`received_at` integer NOT NULL,
	`count` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`site_id`, `epoch`, `shard`, `seq`)
);
--> statement-breakpoint
CREATE INDEX `raw_events_by_receipt` ON `raw_events` (`received_at`);--> statement-breakpoint
CREATE TABLE `rollups` (
	`site_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`shard` integer NOT NULL,
	`grain` text NOT NULL,
	`bucket` integer NOT NULL,
	`panel` text NOT NULL,
	`version` integer NOT NULL,
	`time_zone` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`site_id`, `grain`, `bucket`, `panel`, `epoch`, `shard`)
);
--> statement-breakpoint
CREATE TABLE `secret_claims` (
	`name` text PRIMARY KEY NOT NULL,
	`claimant` text NOT NULL,
	`claimed_until` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sites` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`time_zone` text NOT NULL,
	`hostnames` text NOT NULL,
	`jurisdiction` text NOT NULL,
	`shards` integer NOT NULL,
	`honour_do_not_track` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE VIEW `events` AS select r.site_id, r.epoch, r.shard, r.import_id,
  e.value->>0 as id, e.value->>1 as name, e.value->>2 as at, e.value->>3 as received_at, e.value->>4 as visitor_id,
  e.value->>5 as user_id, e.value->>6 as persistent_id, e.value->>7 as hostname, e.value->>8 as path,
  e.value->>9 as title, e.value->>10 as referrer, e.value->>11 as source, e.value->>12 as channel,
  e.value->>13 as utm_source, e.value->>14 as utm_medium, e.value->>15 as utm_campaign, e.value->>16 as utm_term,
  e.value->>17 as utm_content, e.value->>18 as country, e.value->>19 as region, e.value->>20 as city,
  e.value->>21 as browser, e.value->>22 as browser_version, e.value->>23 as os, e.value->>24 as os_version,
  e.value->>25 as device, e.value->>26 as language, e.value->>27 as engagement_ms, e.value->>28 as scroll_depth,
  e.value->>29 as revenue, e.value->>30 as props, e.value->>31 as consent, e.value->>32 as time_zone
  from raw_events r, json_each(r.body) e;