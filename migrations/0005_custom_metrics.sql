CREATE TABLE `custom_metrics` (
	`site_id` text NOT NULL,
	`name` text NOT NULL,
	`version` integer NOT NULL,
	`label` text NOT NULL,
	`about` text NOT NULL,
	`unit` text NOT NULL,
	`better` text NOT NULL,
	`definition` text NOT NULL,
	`archived` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `name`, `version`)
);
