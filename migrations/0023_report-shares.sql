ALTER TABLE `shares` ADD `report_id` text;--> statement-breakpoint
ALTER TABLE `shares` ADD `files` integer DEFAULT false NOT NULL;