/** Where in the log the current input stands: set before feeding, read by the ports that make event ids. */
export interface Origin {
  current: unknown;
}
