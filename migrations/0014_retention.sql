CREATE TABLE `archive_days` (
	`site_id` text NOT NULL,
	`date` text NOT NULL,
	`state` text NOT NULL,
	`live` integer NOT NULL,
	`imports` integer NOT NULL,
	`files` integer NOT NULL,
	`bytes` integer NOT NULL,
	`archived_at` integer NOT NULL,
	`restored_until` integer,
	`problem` text,
	PRIMARY KEY(`site_id`, `date`)
);
--> statement-breakpoint
CREATE TABLE `retention_runs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`site_id` text NOT NULL,
	`at` integer NOT NULL,
	`state` text NOT NULL,
	`steps` text NOT NULL,
	`kept` text NOT NULL,
	`problems` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `retention_runs_by_site` ON `retention_runs` (`site_id`,`at`);--> statement-breakpoint
ALTER TABLE `sites` ADD `retention` text DEFAULT '{"events":13,"imports":null,"rawDays":3,"refusals":13,"archive":null,"legalHold":null}' NOT NULL;