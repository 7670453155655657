CREATE TABLE `backups` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`began_at` integer NOT NULL,
	`ended_at` integer,
	`events` integer,
	`checksum` text,
	`standing` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `destroyed_secrets` (
	`date` text PRIMARY KEY NOT NULL,
	`destroyed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `restores` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`checksum` text NOT NULL,
	`made_at` integer NOT NULL,
	`began_at` integer NOT NULL,
	`ended_at` integer,
	`sites` text NOT NULL,
	`erased` text NOT NULL
);
