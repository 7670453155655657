CREATE TABLE `metric_targets` (
	`site_id` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`label` text NOT NULL,
	`config` text NOT NULL,
	`metrics` text NOT NULL,
	`every_minutes` integer NOT NULL,
	`created_at` integer NOT NULL,
	`due_at` integer NOT NULL,
	`sent_at` integer DEFAULT 0 NOT NULL,
	`sent` text DEFAULT '{}' NOT NULL,
	`told` text DEFAULT '' NOT NULL,
	`told_at` integer DEFAULT 0 NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`site_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `metric_targets_due` ON `metric_targets` (`due_at`);--> statement-breakpoint
ALTER TABLE `incident_entries` ADD `value` real;--> statement-breakpoint
ALTER TABLE `notices` ADD `attempts` text DEFAULT '[]' NOT NULL;