CREATE TABLE `rates` (
	`site_id` text NOT NULL,
	`base` text NOT NULL,
	`currency` text NOT NULL,
	`since` text NOT NULL,
	`rate` real NOT NULL,
	PRIMARY KEY(`site_id`, `base`, `currency`, `since`)
);
--> statement-breakpoint
ALTER TABLE `sites` ADD `currency` text;