-- The task whose message holds the executor's loop at the moment, noted by its guard: whoever buries it knows whom to blame.
ALTER TABLE "executor" ADD COLUMN "busy_task" TEXT;
-- Executors that the run has brought down since it was enabled.
ALTER TABLE "run" ADD COLUMN "falls" INTEGER NOT NULL DEFAULT 0;
-- It failed by what it did to its executor: not tried again before it is enabled anew.
ALTER TABLE "run" ADD COLUMN "banned" BOOLEAN NOT NULL DEFAULT false;
