CREATE TABLE `epoch_shards` (
	`site_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`shard` integer NOT NULL,
	`taken_at` integer,
	`rolled_at` integer,
	PRIMARY KEY(`site_id`, `epoch`, `shard`)
);
--> statement-breakpoint
CREATE TABLE `epochs` (
	`site_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`shards` integer NOT NULL,
	`old_shards` integer NOT NULL,
	`began_at` integer NOT NULL,
	`steady_at` integer,
	`rolled_at` integer,
	`emptied_at` integer,
	PRIMARY KEY(`site_id`, `epoch`)
);
--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_drops` (
	`site_id` text NOT NULL,
	`epoch` integer DEFAULT 1 NOT NULL,
	`shard` integer NOT NULL,
	`hour` integer NOT NULL,
	`reason` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`site_id`, `hour`, `reason`, `epoch`, `shard`)
);
--> statement-breakpoint
INSERT INTO `__new_drops`("site_id", "epoch", "shard", "hour", "reason", "count") SELECT "site_id", 1, "shard", "hour", "reason", "count" FROM `drops`;--> statement-breakpoint
DROP TABLE `drops`;--> statement-breakpoint
ALTER TABLE `__new_drops` RENAME TO `drops`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
ALTER TABLE `sites` ADD `epoch` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `sites` ADD `next_shards` integer;--> statement-breakpoint
ALTER TABLE `sites` ADD `auto_shards` integer DEFAULT true NOT NULL;