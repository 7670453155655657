CREATE TABLE `audit` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`summary` text NOT NULL,
	`target` text NOT NULL,
	`team_id` text NOT NULL,
	`site_id` text NOT NULL,
	`outcome` text NOT NULL,
	`request_id` text NOT NULL,
	`country` text NOT NULL,
	`origin` text NOT NULL,
	`before` text,
	`after` text,
	`previous` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_of_team` ON `audit` (`team_id`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_of_site` ON `audit` (`site_id`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_of_actor` ON `audit` (`actor`,`seq`);--> statement-breakpoint
CREATE TRIGGER `audit_unchanged` BEFORE UPDATE ON `audit` BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;--> statement-breakpoint
CREATE TRIGGER `audit_unremoved` BEFORE DELETE ON `audit` BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
