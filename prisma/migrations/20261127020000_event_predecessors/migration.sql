ALTER TABLE "alert_event"
    ADD COLUMN "number" BIGSERIAL NOT NULL,
    ADD COLUMN "alert_id" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "previous_level" SMALLINT NOT NULL DEFAULT 0,
    ADD COLUMN "previous_time" BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN "place_ms" BIGINT,
    ADD COLUMN "place_seq" BIGINT;

CREATE INDEX "alert_event_task_id_place_ms_idx" ON "alert_event"("task_id", "place_ms");
