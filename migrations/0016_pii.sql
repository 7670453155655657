CREATE TABLE `pii_found` (
	`site_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`shard` integer NOT NULL,
	`hour` integer NOT NULL,
	`kind` text NOT NULL,
	`place` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`site_id`, `hour`, `kind`, `place`, `epoch`, `shard`)
);
--> statement-breakpoint
ALTER TABLE `sites` ADD `pii` text DEFAULT '{}' NOT NULL;