ALTER TABLE "run" ADD COLUMN "snapshot_id" UUID;

CREATE TABLE "snapshot_part" (
    "snapshot_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "task_id" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    CONSTRAINT "snapshot_part_pkey" PRIMARY KEY ("snapshot_id", "number")
);

ALTER TABLE "snapshot_part" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;

CREATE INDEX "snapshot_part_task_id_idx" ON "snapshot_part"("task_id");

ALTER TABLE "snapshot_part" ADD CONSTRAINT "snapshot_part_task_id_fkey"
    FOREIGN KEY ("task_id") REFERENCES "run"("task_id") ON DELETE CASCADE ON UPDATE CASCADE;
