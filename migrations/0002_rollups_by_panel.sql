PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_rollups` (
	`site_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`grain` text NOT NULL,
	`panel` text NOT NULL,
	`bucket` integer NOT NULL,
	`shard` integer NOT NULL,
	`version` integer NOT NULL,
	`time_zone` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`site_id`, `epoch`, `grain`, `panel`, `bucket`, `shard`)
);
--> statement-breakpoint
INSERT INTO `__new_rollups`("site_id", "epoch", "grain", "panel", "bucket", "shard", "version", "time_zone", "body") SELECT "site_id", "epoch", "grain", "panel", "bucket", "shard", "version", "time_zone", "body" FROM `rollups`;--> statement-breakpoint
DROP TABLE `rollups`;--> statement-breakpoint
ALTER TABLE `__new_rollups` RENAME TO `rollups`;--> statement-breakpoint
PRAGMA foreign_keys=ON;