import type { HttpClient, HttpEndpoint } from '@supercap/pipeline';

// What handlers need of the world. The executor provides it; tests provide fakes.

export interface FilePort {
  /** Appends text, creates the file with these permissions if it does not exist. */
  append(path: string, text: string, mode: number): Promise<void>;
}

export interface ProcessResult {
  /** The exit code; undefined when a signal ended it. */
  readonly code: number | undefined;
  /** What it wrote to stdout and stderr, cut off after some kilobytes. */
  readonly output: string;
}

export interface ProcessPort {
  /** Runs a program with this input until it ends. Rejects when it cannot be started; the signal kills it. */
  run(program: string, args: readonly string[], input: string, signal: AbortSignal): Promise<ProcessResult>;
}

export interface TcpPort {
  /** Connects to `host:port`, writes the text and closes. Rejects when that fails. */
  send(address: string, text: string, signal: AbortSignal): Promise<void>;
}

export interface HandlerServices {
  readonly http: HttpClient;
  readonly files: FilePort;
  readonly processes: ProcessPort;
  readonly tcp: TcpPort;
  endpoint(name: string): HttpEndpoint | undefined;
}
