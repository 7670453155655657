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
CREATE TABLE `system_incidents` (
	`id` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`opened_at` integer NOT NULL,
	`closed_at` integer,
	`reason` text NOT NULL
);
