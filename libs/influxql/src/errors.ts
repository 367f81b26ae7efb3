/** Text that is not InfluxQL. The message is the one that clients of InfluxDB know. */
export class InfluxqlError extends Error {
  override readonly name = 'InfluxqlError';
}
