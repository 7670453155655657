CREATE TABLE `erasure_ids` (
	`site_id` text NOT NULL,
	`erasure_id` text NOT NULL,
	`part` integer NOT NULL,
	`ids` text NOT NULL,
	PRIMARY KEY(`site_id`, `erasure_id`, `part`)
);
--> statement-breakpoint
CREATE TABLE `erasures` (
	`site_id` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`reason` text NOT NULL,
	`requested_by` text NOT NULL,
	`requested_at` integer NOT NULL,
	`due_at` integer NOT NULL,
	`state` text NOT NULL,
	`user_id` text NOT NULL,
	`persistent_ids` text NOT NULL,
	`visitor_ids` text NOT NULL,
	`names` text NOT NULL,
	`known_to` integer,
	`held` text,
	`removed` text NOT NULL,
	`done_at` integer,
	`driven_until` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`site_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `filler` (
	`id` integer PRIMARY KEY NOT NULL,
	`zeros` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `raw_shelter` (
	`site_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`shard` integer NOT NULL,
	`seq` integer NOT NULL,
	`import_id` text NOT NULL,
	`received_at` integer NOT NULL,
	`count` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`site_id`, `epoch`, `shard`, `seq`)
);
--> statement-breakpoint
ALTER TABLE `epochs` ADD `roll_epoch` integer;