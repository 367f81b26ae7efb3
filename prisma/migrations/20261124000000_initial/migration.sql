CREATE TABLE "task" (
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "template_id" TEXT NOT NULL DEFAULT '',
    "script" TEXT NOT NULL,
    "dialect" TEXT NOT NULL DEFAULT 'v1',
    "vars" TEXT NOT NULL DEFAULT '{}',
    "dbrps" JSONB NOT NULL DEFAULT '[]',
    "enabled" BOOLEAN NOT NULL DEFAULT false,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modified" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_enabled" TIMESTAMPTZ(6),
    CONSTRAINT "task_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "template" (
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "script" TEXT NOT NULL,
    "created" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modified" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "template_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "executor" (
    "id" UUID NOT NULL,
    "address" TEXT NOT NULL,
    "started" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires" TIMESTAMPTZ(6) NOT NULL,
    CONSTRAINT "executor_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "run" (
    "task_id" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "wanted" BOOLEAN NOT NULL DEFAULT true,
    "status" TEXT NOT NULL DEFAULT 'starting',
    "error" TEXT NOT NULL DEFAULT '',
    "owner_id" UUID,
    "epoch" BIGINT NOT NULL DEFAULT 0,
    "definition" JSONB NOT NULL,
    "offset" TEXT,
    "drain_to" TEXT,
    "snapshot" BYTEA,
    "updated" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "run_pkey" PRIMARY KEY ("task_id")
);

-- Snapshots are compact already: compressing them again costs more than it saves.
ALTER TABLE "run" ALTER COLUMN "snapshot" SET STORAGE EXTERNAL;

CREATE TABLE "recording" (
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'running',
    "error" TEXT NOT NULL DEFAULT '',
    "size" BIGINT NOT NULL DEFAULT 0,
    "date" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "order" JSONB NOT NULL DEFAULT '{}',
    "offset" TEXT,
    "state" JSONB NOT NULL DEFAULT '{}',
    "worker" TEXT NOT NULL DEFAULT '',
    CONSTRAINT "recording_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "replay" (
    "id" TEXT NOT NULL,
    "task_id" TEXT NOT NULL,
    "recording_id" TEXT NOT NULL,
    "recording_time" BOOLEAN NOT NULL,
    "clock" TEXT NOT NULL,
    "date" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "error" TEXT NOT NULL DEFAULT '',
    "phase" TEXT NOT NULL DEFAULT '',
    "status" TEXT NOT NULL DEFAULT 'running',
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "stats" TEXT NOT NULL DEFAULT '{}',
    "order" JSONB NOT NULL DEFAULT '{}',
    CONSTRAINT "replay_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "topic" (
    "id" TEXT NOT NULL,
    "collected" BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT "topic_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "topic_event" (
    "topic_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "level" SMALLINT NOT NULL,
    "message" TEXT NOT NULL,
    "details" TEXT NOT NULL,
    "time" BIGINT NOT NULL,
    "duration" BIGINT NOT NULL,
    CONSTRAINT "topic_event_pkey" PRIMARY KEY ("topic_id", "id")
);

CREATE TABLE "topic_handler" (
    "topic" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "options" JSONB NOT NULL DEFAULT '{}',
    "match" TEXT NOT NULL DEFAULT '',
    "created" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "topic_handler_pkey" PRIMARY KEY ("topic", "id")
);

CREATE TABLE "alert_event" (
    "id" TEXT NOT NULL,
    "task_id" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "created" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "alert_event_pkey" PRIMARY KEY ("id", "topic")
);

CREATE TABLE "alert_delivery" (
    "event_id" TEXT NOT NULL,
    "handler" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "error" TEXT NOT NULL DEFAULT '',
    "attempts" INTEGER NOT NULL DEFAULT 1,
    "updated" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "alert_delivery_pkey" PRIMARY KEY ("event_id", "handler")
);

CREATE TABLE "fact" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    CONSTRAINT "fact_pkey" PRIMARY KEY ("key")
);

-- Generations never repeat, not even for a task that was deleted and defined again.
CREATE SEQUENCE "run_generation" AS INTEGER;

CREATE INDEX "task_template_id_idx" ON "task"("template_id");
CREATE INDEX "run_owner_id_idx" ON "run"("owner_id");
CREATE INDEX "recording_status_idx" ON "recording"("status");
CREATE INDEX "alert_event_created_idx" ON "alert_event"("created");
CREATE INDEX "alert_delivery_updated_idx" ON "alert_delivery"("updated");

ALTER TABLE "run" ADD CONSTRAINT "run_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "task"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "run" ADD CONSTRAINT "run_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "executor"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "topic_event" ADD CONSTRAINT "topic_event_topic_id_fkey" FOREIGN KEY ("topic_id") REFERENCES "topic"("id") ON DELETE CASCADE ON UPDATE CASCADE;
