CREATE TABLE `report_deliveries` (
	`site_id` text NOT NULL,
	`id` text NOT NULL,
	`schedule_id` text NOT NULL,
	`due_at` integer NOT NULL,
	`recipient` text NOT NULL,
	`report` text NOT NULL,
	`state` text NOT NULL,
	`turn` integer DEFAULT 0 NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`next_at` integer NOT NULL,
	`due_since` integer NOT NULL,
	`created_at` integer NOT NULL,
	`told` text DEFAULT '' NOT NULL,
	`sent_at` integer,
	`opened_at` integer,
	`opens` integer DEFAULT 0 NOT NULL,
	`sections` text DEFAULT '[]' NOT NULL,
	`files` text DEFAULT '[]' NOT NULL,
	PRIMARY KEY(`site_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `report_deliveries_due` ON `report_deliveries` (`state`,`next_at`);--> statement-breakpoint
CREATE INDEX `report_deliveries_by_age` ON `report_deliveries` (`site_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `report_deliveries_of_schedule` ON `report_deliveries` (`site_id`,`schedule_id`,`due_at`);--> statement-breakpoint
CREATE TABLE `report_schedules` (
	`site_id` text NOT NULL,
	`id` text NOT NULL,
	`body` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`created_by` text NOT NULL,
	`author_name` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`origin` text NOT NULL,
	`next_at` integer,
	`on_alert` integer DEFAULT false NOT NULL,
	`leased_until` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`site_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `report_schedules_due` ON `report_schedules` (`next_at`);--> statement-breakpoint
CREATE INDEX `report_schedules_on_alert` ON `report_schedules` (`on_alert`);--> statement-breakpoint
CREATE TABLE `report_unsubscribed` (
	`site_id` text NOT NULL,
	`schedule_id` text NOT NULL,
	`address` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `schedule_id`, `address`)
);
