CREATE TABLE `quarantined` (
	`site_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`shard` integer NOT NULL,
	`seq` integer NOT NULL,
	`received_at` integer NOT NULL,
	`count` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`site_id`, `epoch`, `shard`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `tracking_plans` (
	`site_id` text NOT NULL,
	`version` integer NOT NULL,
	`at` integer NOT NULL,
	`author` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`site_id`, `version`)
);
--> statement-breakpoint
CREATE TABLE `violations` (
	`site_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`shard` integer NOT NULL,
	`hour` integer NOT NULL,
	`event` text NOT NULL,
	`property` text NOT NULL,
	`rule` text NOT NULL,
	`mode` text NOT NULL,
	`count` integer NOT NULL,
	`sample` text NOT NULL,
	PRIMARY KEY(`site_id`, `hour`, `event`, `property`, `rule`, `mode`, `epoch`, `shard`)
);
