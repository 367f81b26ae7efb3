/** A recording that cannot be read. The texts are those that clients know. */
export class RecordingFormatError extends Error {
  override readonly name = 'RecordingFormatError';
}
