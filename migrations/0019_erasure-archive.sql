CREATE TABLE `archive_turns` (
	`site_id` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `erasures` ADD `archived` text;