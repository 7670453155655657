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
CREATE INDEX `notices_by_age` ON `notices` (`site_id`,`created_at`);