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
