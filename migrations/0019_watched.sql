CREATE TABLE `alert_channels` (
	`site_id` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`label` text NOT NULL,
	`config` text NOT NULL,
	`origin` text NOT NULL,
	`off` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `alert_rules` (
	`site_id` text NOT NULL,
	`id` text NOT NULL,
	`body` text NOT NULL,
	`state` text,
	`created_at` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	PRIMARY KEY(`site_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `alert_runs` (
	`site_id` text PRIMARY KEY NOT NULL,
	`through` integer NOT NULL,
	`writer` text DEFAULT '' NOT NULL,
	`leased_until` integer DEFAULT 0 NOT NULL,
	`maintenance` text DEFAULT '[]' NOT NULL
);
--> statement-breakpoint
CREATE TABLE `archive_turns` (
	`site_id` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `canary_hours` (
	`hour` integer PRIMARY KEY NOT NULL,
	`runs` integer NOT NULL,
	`failed` integer NOT NULL,
	`slowest_ms` integer NOT NULL,
	`last_at` integer NOT NULL,
	`last_problem` text
);
--> statement-breakpoint
CREATE TABLE `drop_samples` (
	`site_id` text NOT NULL,
	`day` integer NOT NULL,
	`reason` text NOT NULL,
	`detail` text NOT NULL,
	`epoch` integer NOT NULL,
	`shard` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`site_id`, `day`, `reason`, `detail`, `epoch`, `shard`)
);
--> statement-breakpoint
CREATE TABLE `histories` (
	`site_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`content` text NOT NULL,
	`complete` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `history_days` (
	`site_id` text NOT NULL,
	`history_id` text NOT NULL,
	`panel` text NOT NULL,
	`date` text NOT NULL,
	`part` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`site_id`, `history_id`, `panel`, `date`, `part`)
);
--> statement-breakpoint
CREATE TABLE `incident_entries` (
	`site_id` text NOT NULL,
	`incident_id` text NOT NULL,
	`key` text NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`by` text NOT NULL,
	`author` text DEFAULT '' NOT NULL,
	`text` text NOT NULL,
	PRIMARY KEY(`site_id`, `incident_id`, `key`)
);
--> statement-breakpoint
CREATE TABLE `incidents` (
	`site_id` text NOT NULL,
	`id` text NOT NULL,
	`rule_id` text NOT NULL,
	`state` text NOT NULL,
	`body` text NOT NULL,
	`opened_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `incidents_by_age` ON `incidents` (`site_id`,`opened_at`);--> statement-breakpoint
CREATE TABLE `job_runs` (
	`name` text PRIMARY KEY NOT NULL,
	`cron` text NOT NULL,
	`started_at` integer NOT NULL,
	`ms` integer NOT NULL,
	`problem` text,
	`well_at` integer
);
--> statement-breakpoint
CREATE TABLE `measures` (
	`id` integer PRIMARY KEY NOT NULL,
	`totals` text NOT NULL,
	`detail` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `notices` (
	`site_id` text NOT NULL,
	`id` text NOT NULL,
	`incident_id` text NOT NULL,
	`channel_id` text NOT NULL,
	`message` text NOT NULL,
	`state` text NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`next_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`told` text DEFAULT '' NOT NULL,
	PRIMARY KEY(`site_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `notices_due` ON `notices` (`state`,`next_at`);--> statement-breakpoint
CREATE INDEX `notices_by_age` ON `notices` (`site_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `quality_days` (
	`site_id` text NOT NULL,
	`day` text NOT NULL,
	`event` text NOT NULL,
	`total` real,
	`score` text NOT NULL,
	`facts` text NOT NULL,
	PRIMARY KEY(`site_id`, `day`, `event`)
);
--> statement-breakpoint
CREATE TABLE `quality_findings` (
	`site_id` text NOT NULL,
	`fault` text NOT NULL,
	`subject` text NOT NULL,
	`from_at` integer NOT NULL,
	`to_at` integer NOT NULL,
	`expected` real NOT NULL,
	`found` real NOT NULL,
	`reason` text NOT NULL,
	`first_seen` integer NOT NULL,
	`last_seen` integer NOT NULL,
	`resolved_at` integer,
	PRIMARY KEY(`site_id`, `fault`, `subject`, `from_at`)
);
--> statement-breakpoint
CREATE INDEX `quality_findings_open` ON `quality_findings` (`site_id`,`resolved_at`);--> statement-breakpoint
CREATE TABLE `quality_looks` (
	`site_id` text PRIMARY KEY NOT NULL,
	`checked_at` integer DEFAULT 0 NOT NULL,
	`leased_until` integer DEFAULT 0 NOT NULL,
	`day` text
);
--> statement-breakpoint
CREATE TABLE `system_incidents` (
	`id` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`opened_at` integer NOT NULL,
	`closed_at` integer,
	`reason` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `erasures` ADD `archived` text;--> statement-breakpoint
ALTER TABLE `sites` ADD `excluded_referrers` text DEFAULT '[]' NOT NULL;