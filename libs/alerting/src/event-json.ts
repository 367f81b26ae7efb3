import {
  type Batch,
  formatTime,
  jsonString,
  type Point,
  resultJson,
  toRow,
  UnsupportedValueError,
} from '@supercap/data-model';
import { DeliveryError } from './delivery';
import type { RenderedEvent } from './event';

/** The JSON of triggering data, or why there is none. */
export function dataJsonOf(data: Point | Batch): { readonly dataJson: string; readonly dataError?: string } {
  try {
    return { dataJson: resultJson([toRow(data)]) };
  } catch (error) {
    if (error instanceof UnsupportedValueError) return { dataJson: '', dataError: error.message };
    throw error;
  }
}

/**
 * The alert data as one line of JSON, newline included: the body of post, the line of log, the input of exec.
 * Throws DeliveryError when the data hold a value that JSON cannot.
 */
export function eventJson(event: RenderedEvent): string {
  if (event.dataError !== undefined) throw new DeliveryError(event.dataError, 'never');
  return (
    `{"id":${jsonString(event.id)},"message":${jsonString(event.message)},"details":${jsonString(event.details)},` +
    `"time":"${formatTime(BigInt(event.time))}","duration":${event.duration},"level":"${event.level}",` +
    `"data":${event.dataJson},"previousLevel":"${event.previousLevel}","recoverable":${event.recoverable}}\n`
  );
}
