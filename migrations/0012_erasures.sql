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
ALTER TABLE `epochs` ADD `roll_epoch` integer;