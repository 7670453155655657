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
