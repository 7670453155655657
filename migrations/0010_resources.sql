CREATE TABLE `board_layouts` (
	`site_id` text NOT NULL,
	`board_id` text NOT NULL,
	`person` text NOT NULL,
	`layout` text NOT NULL,
	PRIMARY KEY(`site_id`, `board_id`, `person`)
);
--> statement-breakpoint
CREATE TABLE `comments` (
	`id` text PRIMARY KEY NOT NULL,
	`site_id` text NOT NULL,
	`annotation_id` text NOT NULL,
	`text` text NOT NULL,
	`created_by` text NOT NULL,
	`author_name` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `comments_of_annotation` ON `comments` (`site_id`,`annotation_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `replies` (
	`actor` text NOT NULL,
	`path` text NOT NULL,
	`key` text NOT NULL,
	`body` text NOT NULL,
	`reply` text,
	`claimed_at` integer NOT NULL,
	PRIMARY KEY(`actor`, `path`, `key`)
);
--> statement-breakpoint
CREATE TABLE `resources` (
	`site_id` text NOT NULL,
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`body` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`created_by` text NOT NULL,
	`author_name` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `kind`, `id`)
);
--> statement-breakpoint
CREATE INDEX `resources_by_age` ON `resources` (`site_id`,`kind`,`created_at`,`id`);--> statement-breakpoint
ALTER TABLE `heart_sheets` ADD `version` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `kpis` ADD `version` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `segments` ADD `version` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `shares` ADD `board_id` text;