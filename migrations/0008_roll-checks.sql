CREATE TABLE `roll_checks` (
	`site_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`shard` integer NOT NULL,
	`through` integer,
	`checked_at` integer NOT NULL,
	`checked` integer NOT NULL,
	`differing` integer NOT NULL,
	`kept` integer NOT NULL,
	`differed_at` integer,
	PRIMARY KEY(`site_id`, `epoch`, `shard`)
);
