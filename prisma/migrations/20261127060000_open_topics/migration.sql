-- Topics of tasks are there while their task runs; a topic that was deleted is not, though its handlers are.
ALTER TABLE "topic" ADD COLUMN "open" BOOLEAN NOT NULL DEFAULT true;
