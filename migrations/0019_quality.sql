CREATE TABLE `quality_days` (
	`site_id` text NOT NULL,
	`day` text NOT NULL,
	`event` text NOT NULL,
	`total` real,
	`score` text NOT NULL,
	`facts` text NOT NULL,
	PRIMARY KEY(`site_id`, `day`, `event`)
);
--> statement-breakpoint
CREATE TABLE `quality_findings` (
	`site_id` text NOT NULL,
	`fault` text NOT NULL,
	`subject` text NOT NULL,
	`from_at` integer NOT NULL,
	`to_at` integer NOT NULL,
	`expected` real NOT NULL,
	`found` real NOT NULL,
	`reason` text NOT NULL,
	`first_seen` integer NOT NULL,
	`last_seen` integer NOT NULL,
	`resolved_at` integer,
	PRIMARY KEY(`site_id`, `fault`, `subject`, `from_at`)
);
--> statement-breakpoint
CREATE INDEX `quality_findings_open` ON `quality_findings` (`site_id`,`resolved_at`);--> statement-breakpoint
CREATE TABLE `quality_looks` (
	`site_id` text PRIMARY KEY NOT NULL,
	`checked_at` integer DEFAULT 0 NOT NULL,
	`leased_until` integer DEFAULT 0 NOT NULL,
	`day` text
);
