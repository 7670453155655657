CREATE TABLE `withdrawals` (
	`site_id` text NOT NULL,
	`pseudonym` text NOT NULL,
	`kind` text NOT NULL,
	`withdrawn_at` integer NOT NULL,
	`granted_at` integer,
	`handed_over_at` integer,
	`changed_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `pseudonym`)
);
--> statement-breakpoint
CREATE INDEX `withdrawals_by_change` ON `withdrawals` (`site_id`,`changed_at`);--> statement-breakpoint
CREATE INDEX `withdrawals_to_hand_over` ON `withdrawals` (`handed_over_at`);--> statement-breakpoint
ALTER TABLE `sites` ADD `consent` text DEFAULT '{"mode":"cookieless","before":"cookieless","regions":"default","purposes":["analytics"]}' NOT NULL;